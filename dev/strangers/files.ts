/* What strangers' projects are made of. */

/** As Pulumi's templates write it, with options of the runtime. */
export function pulumiYaml(options: object = {}, more = ""): string {
  return `name: stranger\nruntime:\n  name: nodejs\n  options: ${JSON.stringify(options)}\n${more}`;
}

const ARGUMENTS = `{
  accountId: config.require("accountId"),
  version: config.requireNumber("keyVersion"),
}`;

export const COMMON_JS = `
const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require("pulumi-azure-batch-key-rotation");

const config = new pulumi.Config();
const rotation = new BatchAccountKeyRotation("keys", ${ARGUMENTS});

exports.currentKey = rotation.currentKey;
`;

export const ES_MODULE = `
import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();
const rotation = new BatchAccountKeyRotation("keys", ${ARGUMENTS});

export const currentKey = rotation.currentKey;
`;

/** Types of every entry point. They are gone when the program runs, so no peer is needed for them. */
const TYPES = `
import type { SubscriptionKeyRotationArgs } from "pulumi-azure-batch-key-rotation/components";
import type { check } from "pulumi-azure-batch-key-rotation/lifecycle";
import type { SimulatorOptions } from "pulumi-azure-batch-key-rotation/simulator";

export type Checked = ReturnType<typeof check>;
export const options: SimulatorOptions = { keyPropagationMs: 1 };
export const listed: Pick<SubscriptionKeyRotationArgs, "resourceGroupName"> = {
  resourceGroupName: "group",
};
`;

export const TYPE_SCRIPT = `${ES_MODULE}${TYPES}`;

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The tsconfig.json of Pulumi's TypeScript templates until March 2026. */
export const TSCONFIG_BEFORE_2026 = json({
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    sourceMap: true,
    experimentalDecorators: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
});

/** The tsconfig.json of Pulumi's TypeScript templates since then. */
export const TSCONFIG_SINCE_2026 = json({
  compilerOptions: {
    outDir: "bin",
    sourceMap: true,
    target: "ES2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    moduleDetection: "force",
    types: ["node"],
    strict: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    skipLibCheck: true,
  },
  files: ["index.ts"],
});
