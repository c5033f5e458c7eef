import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { PACKAGE } from "../../provider/hosts/plugin/configuration";
import schema from "../../provider/schema.json";
import { formsIn, OUTPUT, type PluginForms } from "../plugin/forms";
import { compileNodeSdk } from "../sdk/compile";
import { SDK } from "../sdk/folders";
import { REPOSITORY } from "./packedPackage";
import type { PulumiWorkspace } from "./workspace";

/** The plugin as `npm run plugin` has built it. */
export function builtPlugin(): PluginForms {
  const forms = formsIn(OUTPUT);
  for (const form of Object.values(forms) as string[]) {
    if (!existsSync(form)) throw new Error(`${form} is not built: run "npm run plugin"`);
  }
  return forms;
}

/** Gives a project the plugin, by its place on disk, and its SDK for Node.js. */
export async function addPlugin(workspace: PulumiWorkspace): Promise<void> {
  await fs.appendFile(
    path.join(workspace.projectFolder, "Pulumi.yaml"),
    `plugins:\n  providers:\n    - name: ${PACKAGE}\n      path: ${builtPlugin().folder}\n`,
  );
  await addNodeSdk(workspace);
}

/** Gives a project the plugin's SDK for Node.js, and no plugin. */
export async function addNodeSdk(workspace: PulumiWorkspace): Promise<void> {
  await workspace.installPackage(schema.language.nodejs.packageName, await compiledNodeSdk());
}

/** The SDK, compiled once for each state of its sources: within the repository it finds Pulumi's. */
async function compiledNodeSdk(): Promise<string> {
  const sources = path.join(SDK, "nodejs");
  const hash = createHash("sha256");
  const names = await fs.readdir(sources, { recursive: true });
  for (const name of names.filter((each) => /\.(ts|json)$/.test(each)).sort()) {
    hash.update(name).update(await fs.readFile(path.join(sources, name)));
  }
  const cache = path.join(REPOSITORY, "node_modules", ".cache");
  const folder = path.join(cache, `node-sdk-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  await fs.mkdir(cache, { recursive: true });
  const made = await fs.mkdtemp(path.join(cache, "compiling-"));
  await compileNodeSdk(made);
  // Another test file may have been faster.
  await fs.rename(made, folder).catch(() => fs.rm(made, { recursive: true }));
  return folder;
}
