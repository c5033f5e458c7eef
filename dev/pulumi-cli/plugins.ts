import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type Environment, findExecutable, installationRoot, isExecutable } from "./installation";

const LANGUAGE_HOST = "pulumi-language-nodejs";
const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";

/** Whether this CLI can run Node.js programs. */
export async function hasLanguageHost(
  executable: string,
  environment: Environment,
): Promise<boolean> {
  return (await findPlugin(executable, LANGUAGE_HOST, environment)) !== undefined;
}

/** Where this CLI finds a plugin by its file's name: it looks beside itself and on PATH. */
export async function findPlugin(
  executable: string,
  name: string,
  environment: Environment,
): Promise<string | undefined> {
  // A package manager's CLI is a link; its plugins are beside the file that the link leads to.
  const beside = path.join(path.dirname(await fs.realpath(executable)), name);
  return (await isExecutable(beside)) ? beside : findExecutable(name, environment);
}

/**
 * The CLI with the plugins that Node.js programs need. An official one has them. One that was
 * built from source gets them in a folder of this checkout's own: a hard link to the CLI (it finds
 * itself through soft ones), the stand-in language host of this checkout, and the SDK's plugin for
 * dynamic resources. PATH would do as well, but the CLI warns about each plugin it takes from
 * there; and beside the shared CLI, checkouts would replace each other's.
 */
export async function withPlugins(executable: string, environment: Environment): Promise<string> {
  if (await hasLanguageHost(executable, environment)) return executable;
  const folder = await ownFolder(executable, environment);
  const own = path.join(folder, path.basename(executable));
  const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
  await fs.mkdir(folder, { recursive: true });
  await addPlugin(path.resolve(__dirname, "../language-host", LANGUAGE_HOST), own);
  await addPlugin(path.join(sdk, DYNAMIC_PROVIDER), own);
  if (!(await isExecutable(own))) await putInPlace(executable, folder, linkOrCopy);
  return own;
}

/** Puts a link to a plugin beside a CLI, which has to be one of ours. */
export async function addPlugin(plugin: string, executable: string): Promise<void> {
  await putInPlace(plugin, path.dirname(executable), fs.symlink);
}

/** One for each checkout and build, so that what is in it never has to change under a running CLI. */
async function ownFolder(executable: string, environment: Environment): Promise<string> {
  const { mtimeMs, size } = await fs.stat(executable);
  const key = createHash("sha256").update(JSON.stringify([__dirname, mtimeMs, size]));
  return path.join(installationRoot(environment), "with-plugins", key.digest("hex").slice(0, 16));
}

/** In one step, because others may be about to start what is there. */
async function putInPlace(
  source: string,
  folder: string,
  create: (source: string, at: string) => Promise<void>,
): Promise<void> {
  const at = path.join(folder, path.basename(source));
  const temporary = `${at}.${randomUUID()}`;
  await create(source, temporary);
  await fs.rename(temporary, at);
  // Renaming one hard link of a file to another does nothing, and leaves it.
  await fs.rm(temporary, { force: true });
}

/** Not every file system has hard links. */
async function linkOrCopy(source: string, at: string): Promise<void> {
  await fs.link(source, at).catch(() => fs.copyFile(source, at));
}
