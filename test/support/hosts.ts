import { PACKAGE_NAME } from "../../dev/workspace/packedPackage";
import { addPlugin } from "../../dev/workspace/plugin";
import type { PulumiWorkspace } from "../../dev/workspace/workspace";
import { PACKAGE } from "../../provider/hosts/plugin/configuration";
import { DEFAULT_NAMESPACE } from "../../provider/rotation/validation";
import schema from "../../provider/schema.json";

/** What runs the lifecycle under the engine. Programs, and so the tests, are the same for both. */
export interface Host {
  readonly name: "dynamic resource" | "provider plugin";
  /** The type of its rotations. */
  readonly type: string;
  /** The package whose class the programs take. */
  readonly package: string;
  /** Gives a project what it needs beside the npm package. */
  readonly install: (workspace: PulumiWorkspace) => Promise<void>;
  /** Where the stack's configuration has the credentials. */
  readonly configNamespace: string;
}

export const DYNAMIC: Host = {
  name: "dynamic resource",
  type: "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation",
  package: PACKAGE_NAME,
  install: () => Promise.resolve(),
  configNamespace: DEFAULT_NAMESPACE,
};

const PLUGIN: Host = {
  name: "provider plugin",
  type: `${PACKAGE}:index:BatchAccountKeyRotation`,
  package: schema.language.nodejs.packageName,
  install: addPlugin,
  configNamespace: PACKAGE,
};

/**
 * What a host cannot do, and why. Everything else that the files of jest's project "plugin" test is the
 * same for both.
 */
const LIMITS = {
  findOutPreviews: {
    host: PLUGIN,
    reason:
      "The engine does not tell a plugin's check whether it previews: a program that wants update plans says so in the argument previewing.",
  },
  chooseConfiguration: {
    host: PLUGIN,
    reason:
      "The engine gives a plugin the configuration of its own namespace alone: explicit providers take the place of configNamespace.",
  },
  askForSecretsThatAre: {
    host: PLUGIN,
    reason:
      "A generated SDK asks for the same secret outputs always: with keyVaultSecret, too, the state's additionalSecretOutputs names the keys, which are not there.",
  },
} as const;

export const HOSTS = [DYNAMIC, PLUGIN];

declare global {
  /** Set by jest.config.js: the files that test the engine run once for each host. */
  var HOST: Host["name"] | undefined;
}

/** The host that this run of a test file is about. */
export const host = HOSTS.find(({ name }) => name === globalThis.HOST) ?? DYNAMIC;

export function can(what: keyof typeof LIMITS): boolean {
  return LIMITS[what].host !== host;
}
