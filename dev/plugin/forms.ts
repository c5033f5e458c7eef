import * as path from "node:path";
import { version } from "../../package.json";
import { PACKAGE } from "../../provider/hosts/plugin/configuration";
import { REPOSITORY } from "../workspace/packedPackage";

export const EXECUTABLE = `pulumi-resource-${PACKAGE}`;

/** The plugin in every form in which Pulumi takes one: each is a path. */
export interface PluginForms {
  /** For `plugins.providers` of Pulumi.yaml: the executable, and what it needs. */
  readonly folder: string;
  /** For `pulumi plugin install resource … --file`. */
  readonly tarball: string;
  /** For `pulumi package add`. */
  readonly source: string;
}

/** Where the forms are within a folder. */
export function formsIn(output: string): PluginForms {
  const folder = path.join(output, `${EXECUTABLE}-v${version}`);
  return { folder, tarball: `${folder}.tar.gz`, source: path.join(output, "source") };
}

/** Where `npm run plugin` puts them. */
export const OUTPUT = path.join(REPOSITORY, "dist/plugin");
