/*
 * npm run sdk: the SDKs of Node.js, Python and Go, by Pulumi's own generators, of the schema that the
 * plugin serves. With --check it fails where sdk/ differs from that, or does not compile.
 */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import packageJson from "../../package.json";
import { pluginSchema } from "../../provider/hosts/plugin/schema";
import { Progress } from "../progress";
import { findExecutable } from "../pulumi-cli/installation";
import { compileGoSdk, compileNodeSdk, compilePythonSdk } from "./compile";
import { differences } from "./differences";
import { LANGUAGES, SDK } from "./folders";
import { generateSdks } from "./generate";
import { inTemporaryFolder } from "./run";

async function main(checkOnly: boolean): Promise<void> {
  if ((await findExecutable("go", process.env)) === undefined) {
    if (!checkOnly) throw new Error("There is no Go on PATH: https://go.dev/dl/");
    console.log("The SDKs are not checked: there is no Go on PATH.");
    return;
  }
  const progress = new Progress(process.stderr);
  await inTemporaryFolder(async (folder) => {
    const made = path.join(folder, "made");
    await generateSdks(pluginSchema(packageJson.version), made, progress);
    if (checkOnly) await check(made, folder, progress);
    else await replace(made);
  });
}

async function replace(made: string): Promise<void> {
  for (const language of LANGUAGES) {
    const folder = path.join(SDK, language);
    await fs.rm(folder, { recursive: true, force: true });
    await fs.cp(path.join(made, language), folder, { recursive: true });
  }
}

async function check(made: string, folder: string, progress: Progress): Promise<void> {
  const found = await differences(SDK, made);
  if (found.length > 0) {
    const files = found.map((file) => `sdk/${file}`).join("\n  ");
    throw new Error(
      `Not what "npm run sdk" makes of provider/schema.json: run it and commit.\n  ${files}`,
    );
  }
  await compileNodeSdk(path.join(folder, "nodejs"));
  console.log("The SDK for Node.js compiles.");
  await compileGoSdk(progress);
  console.log("The SDK for Go compiles.");
  if ((await findExecutable("python3", process.env)) === undefined) {
    console.log("The SDK for Python is not tried: there is no python3 on PATH.");
  } else {
    await compilePythonSdk(progress);
    console.log("The SDK for Python compiles, and can be imported.");
  }
}

main(process.argv.includes("--check")).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
