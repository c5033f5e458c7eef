import { existsSync } from "node:fs";
import { readFile, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { parse, stringify } from "yaml";

/** What Pulumi.yaml may have whose meaning depends on where it stands, or that names an Azure. */
interface Project {
  main?: string;
  stackConfigDir?: string;
  /** Defaults of settings, or, as long ago, the folder of those of stacks. */
  config?: string | Record<string, unknown>;
  plugins?: Record<string, { path?: string }[] | null>;
}

const FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];
/** Settings that say whose Azure it is. */
const AZURE_SETTING = /^(azure-native|azure-batch-key-rotation):/;

/**
 * Writes a project file to a folder by which Pulumi runs the program of the project that `from` is in.
 * Settings of stacks stand beside the project file: so those that exist are out of reach, and new ones
 * go with the folder.
 * @returns the project's folder; undefined where `from` is in none.
 * @throws Error where its file cannot be read.
 */
export async function copyProject(from: string, to: string): Promise<string | undefined> {
  const file = findProject(from);
  if (file === undefined) return undefined;
  const folder = path.dirname(file);
  const { config, ...project } = readProject(file, await readFile(file, "utf8"));
  delete project.stackConfigDir;
  project.main = path.resolve(folder, project.main ?? ".");
  const settings = Object.entries(typeof config === "object" ? config : {});
  for (const plugin of Object.values(project.plugins ?? {}).flatMap((kind) => kind ?? [])) {
    if (plugin.path !== undefined) plugin.path = path.resolve(folder, plugin.path);
  }
  const copy = {
    ...project,
    config: Object.fromEntries(settings.filter(([name]) => !AZURE_SETTING.test(name))),
  };
  await writeFile(path.join(to, "Pulumi.yaml"), stringify(copy));
  const packages = path.join(folder, "node_modules");
  // For npx. A junction is what Windows lets everybody make; elsewhere it is a link like others.
  if (existsSync(packages)) await symlink(packages, path.join(to, "node_modules"), "junction");
  return folder;
}

function readProject(file: string, text: string): Project {
  const project = parse(text) as Project | null;
  if (typeof project === "object" && project !== null) return project;
  throw new Error(`${file} holds no project of Pulumi's`);
}

/** The project file of a folder, or of the nearest one around it that has one, as Pulumi finds it. */
function findProject(folder: string): string | undefined {
  const file = FILES.map((name) => path.join(folder, name)).find(existsSync);
  if (file !== undefined) return file;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findProject(parent);
}
