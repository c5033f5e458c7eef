import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { description, license, version } from "../../package.json";
import { PACKAGE } from "../../provider/hosts/plugin/configuration";
import { REPOSITORY } from "../workspace/packedPackage";
import { EXECUTABLE, formsIn, type PluginForms } from "./forms";
import { licensesOf } from "./licenses";

/** Builds the plugin: one file that needs Node.js alone, the SDKs of Pulumi and Azure inside. */
export async function buildPlugin(output: string): Promise<PluginForms> {
  const forms = formsIn(output);
  const { folder, tarball, source } = forms;
  await fs.rm(output, { recursive: true, force: true });
  await fs.mkdir(source, { recursive: true });
  const { metafile } = await build({
    entryPoints: [path.join(REPOSITORY, "provider/hosts/plugin/main.ts")],
    outfile: path.join(folder, "index.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    legalComments: "inline",
    logLevel: "warning",
    metafile: true,
    absWorkingDir: REPOSITORY,
  });
  await fs.copyFile(path.join(REPOSITORY, "LICENSE"), path.join(folder, "LICENSE"));
  await fs.writeFile(path.join(folder, "THIRD-PARTY-LICENSES.txt"), await licensesOf(metafile));
  await fs.cp(folder, source, { recursive: true });
  await writeExecutables(folder);
  await writePackage(source);
  await promisify(execFile)("tar", ["-czf", tarball, "-C", folder, "."]);
  return forms;
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
