import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { description, license, version } from "../../package.json";
import { PACKAGE } from "../../provider/hosts/plugin/configuration";

const REPOSITORY = path.join(__dirname, "../..");
const EXECUTABLE = `pulumi-resource-${PACKAGE}`;

/** The plugin in every form in which Pulumi takes one. */
export interface BuiltPlugin {
  /** For `plugins.providers` of Pulumi.yaml: the executable, and what it needs. */
  readonly folder: string;
  /** For `pulumi plugin install resource … --file`. */
  readonly tarball: string;
  /** For `pulumi package add`. */
  readonly source: string;
}

/** Builds the plugin: one file that needs Node.js alone, the SDKs of Pulumi and Azure inside. */
export async function buildPlugin(output: string): Promise<BuiltPlugin> {
  const folder = path.join(output, `${EXECUTABLE}-v${version}`);
  const source = path.join(output, "source");
  const tarball = `${folder}.tar.gz`;
  await fs.rm(output, { recursive: true, force: true });
  for (const each of [folder, source]) {
    await fs.mkdir(each, { recursive: true });
    await fs.copyFile(path.join(REPOSITORY, "LICENSE"), path.join(each, "LICENSE"));
  }
  await build({
    entryPoints: [path.join(REPOSITORY, "provider/hosts/plugin/main.ts")],
    outfile: path.join(folder, "index.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    legalComments: "external",
    logLevel: "warning",
  });
  await fs.copyFile(path.join(folder, "index.js"), path.join(source, "index.js"));
  await writeExecutables(folder);
  await writePackage(source);
  await promisify(execFile)("tar", ["-czf", tarball, "-C", folder, "."]);
  return { folder, tarball, source };
}

async function writeExecutables(folder: string): Promise<void> {
  const executable = path.join(folder, EXECUTABLE);
  await fs.writeFile(executable, '#!/bin/sh\nexec node "$(dirname "$0")/index.js" "$@"\n');
  await fs.chmod(executable, 0o755);
  await fs.writeFile(`${executable}.cmd`, '@node "%~dp0index.js" %*\r\n');
}

/** The form that Pulumi's own language host for Node.js runs. */
async function writePackage(source: string): Promise<void> {
  const manifest = {
    name: PACKAGE,
    version,
    description,
    license,
    main: "index.js",
    dependencies: { "@pulumi/pulumi": "^3.139.0" },
  };
  await fs.writeFile(path.join(source, "PulumiPlugin.yaml"), "runtime: nodejs\n");
  await fs.writeFile(path.join(source, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
