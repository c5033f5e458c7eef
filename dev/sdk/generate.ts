import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { languagesFolder } from "../languages/folder";
import type { Progress } from "../progress";
import { buildGoProgram, type GoProgram } from "../pulumi-cli/goBuild";
import { isExecutable } from "../pulumi-cli/installation";
import { withLock } from "../pulumi-cli/lock";
import { spareTraces } from "./spareTraces";

const MODULE = path.resolve(__dirname, "../languages");

const GENERATOR: GoProgram = {
  title: "Pulumi's generators of SDKs",
  duration: "some seconds after the Pulumi CLI, some minutes without",
  module: MODULE,
  mainPackage: "languages/generate-sdk",
};

/** Writes the SDKs of a package's schema to a folder, one for each language. */
export async function generateSdks(
  schema: object,
  folder: string,
  progress: Progress,
): Promise<void> {
  const generator = await ensureGenerator(progress);
  const child = spawn(generator, [folder], { stdio: ["pipe", "inherit", "inherit"] });
  child.stdin.end(JSON.stringify(schema));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error("The schema could not be made into SDKs.");
  await spareTraces(path.join(folder, "nodejs"));
}

/** One for each state of its sources. */
async function ensureGenerator(progress: Progress): Promise<string> {
  const key = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "generate-sdk/main.go"]) {
    key.update(await fs.readFile(path.join(MODULE, file)));
  }
  const name = `generate-sdk-${key.digest("hex").slice(0, 16)}`;
  const executable = path.join(languagesFolder(process.env), name);
  await withLock(`${executable}.lock`, progress, async () => {
    if (await isExecutable(executable)) return;
    await buildGoProgram(GENERATOR, executable, process.env, progress);
  });
  return executable;
}
