import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { PACKAGE_NAME, REPOSITORY } from "./packedPackage";

/**
 * Fills a project's node_modules without a network: a link to each package that the repository
 * has installed, except the package under test (there a link to the repository itself), which a
 * user has as a real folder. Pulumi's function serializer tells the two apart.
 */
export async function linkInstalledPackages(nodeModules: string): Promise<void> {
  const installed = path.join(REPOSITORY, "node_modules");
  for (const name of await packageNames(installed)) {
    if (name !== PACKAGE_NAME) await link(path.join(installed, name), path.join(nodeModules, name));
  }
}

/** Puts one package there, in place of what is there: a folder is linked, a tarball unpacked. */
export async function installPackage(
  nodeModules: string,
  name: string,
  source: string,
): Promise<void> {
  const target = path.join(nodeModules, name);
  await fs.rm(target, { recursive: true, force: true });
  if ((await fs.stat(source)).isDirectory()) {
    await link(source, target);
    return;
  }
  await fs.mkdir(target, { recursive: true });
  // npm's tarballs hold everything in one folder, called "package".
  await promisify(execFile)("tar", ["-xzf", source, "-C", target, "--strip-components=1"]);
}

async function packageNames(nodeModules: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await fs.readdir(nodeModules)) {
    if (entry.startsWith(".")) continue;
    if (entry.startsWith("@")) {
      const scoped = await fs.readdir(path.join(nodeModules, entry));
      names.push(...scoped.map((name) => `${entry}/${name}`));
    } else {
      names.push(entry);
    }
  }
  return names;
}

async function link(target: string, at: string): Promise<void> {
  await fs.mkdir(path.dirname(at), { recursive: true });
  await fs.symlink(path.resolve(target), at);
}

/**
 * The commands of the packages in a node_modules, where npm puts them: those that the repository has
 * installed, and this package's own.
 */
export async function linkCommands(nodeModules: string): Promise<void> {
  const bin = path.join(nodeModules, ".bin");
  if (existsSync(bin)) return;
  await fs.mkdir(bin);
  const installed = path.join(REPOSITORY, "node_modules", ".bin");
  // The repository's install has its own command only where dist/ was there before it.
  const others = (await fs.readdir(installed)).filter((name) => name !== PACKAGE_NAME);
  await Promise.all([
    ...others.map((name) => fs.symlink(path.join(installed, name), path.join(bin, name))),
    fs.symlink(`../${PACKAGE_NAME}/dist/cli/main.js`, path.join(bin, PACKAGE_NAME)),
  ]);
}
