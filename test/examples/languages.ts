import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { ensureGo, writeGoModule } from "../../dev/languages/ensureGo";
import { ensurePython } from "../../dev/languages/ensurePython";
import { ensureYamlHost } from "../../dev/languages/ensureYamlHost";
import { Progress } from "../../dev/progress";
import { GO_FLAGS, GO_VARIABLES } from "../../dev/pulumi-cli/goBuild";
import { installPythonSdk } from "../../dev/sdk/installPythonSdk";
import { type CommandContext, runCommand } from "../../dev/workspace/command";
import { installedPulumi } from "../support/engineFixture";
import type { Language, RunProgram } from "./languageExample";

/*
 * The CLI runs a program in YAML. For Python and Go it has no language host here: their programs are run
 * by Pulumi's Automation API, which is one.
 */

const DRIVERS = path.join(__dirname, "drivers");
// "npm run languages", which comes before the tests, shows what it does.
const progress = new Progress({ write: () => undefined });

export const yaml: Language = {
  tellsPreviews: false,
  async prepare({ workspace }) {
    await ensureYamlHost(await installedPulumi(), progress);
    return (command, { diff = false, plan, target = [] }) => {
      const isPreview = command === "preview";
      return workspace.pulumi([
        command,
        ...(isPreview ? [] : ["--yes", "--skip-preview"]),
        ...(diff ? ["--diff"] : []),
        ...(plan === undefined ? [] : [isPreview ? "--save-plan" : "--plan", plan]),
        ...target.flatMap((urn) => ["--target", urn]),
      ]);
    };
  },
};

export const python: Language = {
  tellsPreviews: true,
  async prepare({ workspace: { projectFolder, environment } }) {
    const executable = await ensurePython(progress);
    const sdk = path.join(projectFolder, "../python-sdk");
    await installPythonSdk(executable, sdk);
    // A program's own imports must not leave files in the project.
    const env = { ...environment, PYTHONPATH: sdk, PYTHONDONTWRITEBYTECODE: "1" };
    return driven({ executable, cwd: projectFolder, env }, [path.join(DRIVERS, "drive.py")]);
  },
};

export const go: Language = {
  tellsPreviews: true,
  async prepare({ workspace: { projectFolder, environment } }) {
    const compiler = await ensureGo(progress);
    const executable = path.join(projectFolder, "../driver");
    await writeGoModule(projectFolder);
    await fs.copyFile(
      path.join(DRIVERS, "drive_test.go"),
      path.join(projectFolder, "drive_test.go"),
    );
    await promisify(execFile)(
      compiler,
      ["test", ...GO_FLAGS, "-ldflags=-s -w", "-c", "-o", executable, "."],
      {
        cwd: projectFolder,
        // Go's own caches and proxy, which are this user's.
        env: { ...process.env, ...GO_VARIABLES },
      },
    );
    return driven({ executable, cwd: projectFolder, env: environment }, []);
  },
};

function driven(context: CommandContext, args: readonly string[]): RunProgram {
  return (command, options, stack) =>
    runCommand(context, [...args, stack, command, JSON.stringify(options)]);
}
