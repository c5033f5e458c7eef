import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../workspace/command";
import { CACHE } from "../workspace/packedPackage";

const TOOLS = path.join(CACHE, "strangers");

/**
 * The folder with the commands of an npm package, such as another Node.js or package manager. It is
 * installed once, in a folder of its own, so that no two of them get into each other's way.
 */
export async function commandsOf(spec: string): Promise<string> {
  const folder = path.join(TOOLS, spec.replace(/[^\w.@-]/g, "+"));
  const commands = path.join(folder, "node_modules", ".bin");
  if (existsSync(commands)) return commands;
  await fs.mkdir(TOOLS, { recursive: true });
  const making = await fs.mkdtemp(path.join(TOOLS, "making-"));
  try {
    await fs.writeFile(path.join(making, "package.json"), '{ "private": true }');
    await runCommand(
      { executable: "npm", cwd: making, env: process.env as Record<string, string> },
      ["install", "--prefer-offline", "--no-audit", "--no-fund", spec],
    );
    // In one step: others may want the same at the same time, and the first of them is good for all.
    await fs.rename(making, folder).catch((error: unknown) => {
      if (!existsSync(commands)) throw error;
    });
  } finally {
    await fs.rm(making, { recursive: true, force: true });
  }
  return commands;
}

/** The folder with this major version of Node.js: the one that runs this, or npm's package of it. */
export async function nodeCommands(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${String(major)}.`)) return path.dirname(process.execPath);
  return commandsOf(`node@${String(major)}`);
}
