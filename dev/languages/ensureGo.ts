import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "../progress";
import { runGoBuild } from "../pulumi-cli/goBuild";
import { type Environment, findExecutable } from "../pulumi-cli/installation";
import { REPOSITORY } from "../workspace/packedPackage";

const PULUMI_SDK = "github.com/pulumi/pulumi/sdk/v3/go";

/** Where the SDK of this repository stands. */
const SDK = path.join(REPOSITORY, "sdk", "go");

/**
 * Makes sure of Go and of Pulumi's Go SDK, compiled: the first time takes about half a minute.
 * @returns Go's executable.
 */
export async function ensureGo(
  progress: Progress,
  environment: Environment = process.env,
): Promise<string> {
  const go = await findExecutable("go", environment);
  if (go === undefined) {
    throw new Error("There is no Go on PATH. Install Go 1.26 or newer: https://go.dev/dl/");
  }
  await runGoBuild(go, [`${PULUMI_SDK}/pulumi`, `${PULUMI_SDK}/auto`], {
    title: "Pulumi's Go SDK",
    module: __dirname,
    environment,
    progress,
  });
  return go;
}

/**
 * Makes a folder a Go module whose programs use the SDK of this repository, and of everything else the
 * versions that are pinned here.
 */
export async function writeGoModule(folder: string): Promise<void> {
  const module = await sdkModule();
  const pinned = await read(__dirname, "go.mod");
  await fs.writeFile(
    path.join(folder, "go.mod"),
    [
      pinned.replace(/^module .*$/m, "module program"),
      `require ${module} v0.0.0`,
      `replace ${module} => ${JSON.stringify(SDK)}`,
      "",
    ].join("\n"),
  );
  await fs.copyFile(path.join(__dirname, "go.sum"), path.join(folder, "go.sum"));
}

/** The module of the SDK of this repository. */
export async function sdkModule(): Promise<string> {
  const [, module = ""] = /^module (\S+)$/m.exec(await read(SDK, "go.mod")) ?? [];
  return module;
}

const read = (folder: string, file: string) => fs.readFile(path.join(folder, file), "utf8");
