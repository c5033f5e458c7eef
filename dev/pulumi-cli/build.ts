import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Progress } from "../progress";
import { type Environment, findExecutable, PULUMI_VERSION } from "./installation";

const MAIN_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds the CLI from the sources that go.mod and go.sum beside this file pin. The first build
 * takes about six minutes on two cores; the file is 115 MB.
 */
export async function buildPulumi(
  executable: string,
  environment: Environment,
  progress: Progress,
): Promise<void> {
  const go = await findExecutable("go", environment);
  if (go === undefined) {
    throw new Error("The Pulumi CLI cannot be built from source: there is no Go on PATH.");
  }
  progress.print(`Building the Pulumi CLI ${PULUMI_VERSION} from source: about six minutes, once.`);
  await fs.mkdir(path.dirname(executable), { recursive: true });
  // Renamed when it is whole, so that a build that is killed leaves no CLI that looks finished.
  const unfinished = `${executable}.${String(process.pid)}.unfinished`;
  try {
    await runGo(go, unfinished, environment, progress);
    await fs.rename(unfinished, executable);
  } finally {
    await fs.rm(unfinished, { force: true });
  }
  progress.print(`Built ${executable}.`);
}

async function runGo(
  go: string,
  output: string,
  environment: Environment,
  progress: Progress,
): Promise<void> {
  const linkerFlags = `-s -w -X ${VERSION_VARIABLE}=v${PULUMI_VERSION}`;
  const build = spawn(
    go,
    ["build", "-v", "-trimpath", "-ldflags", linkerFlags, "-o", output, MAIN_PACKAGE],
    {
      cwd: __dirname,
      env: { ...environment, CGO_ENABLED: "0" },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const stages = new BuildStages();
  const log: string[] = [];
  progress.begin("Building the Pulumi CLI");
  progress.detail(stages.current);
  createInterface(build.stderr).on("line", (line) => {
    stages.read(line);
    progress.detail(stages.current);
    log.push(line);
  });
  // A person who gives up waiting must not leave a build that keeps both cores busy.
  const giveUp = (): boolean => build.kill("SIGINT");
  process.once("exit", giveUp);
  try {
    const [code, signal] = (await once(build, "close")) as [number | null, string | null];
    if (code !== 0) {
      const why = signal ?? `exit code ${String(code)}`;
      throw new Error(
        [`"go build" of the Pulumi CLI failed (${why}):`, ...log.slice(-8)].join("\n    "),
      );
    }
  } finally {
    progress.end();
    process.off("exit", giveUp);
  }
}

/** Tells from what `go build -v` prints how far it is: modules, then packages, then the main one. */
class BuildStages {
  current = "looking at what is already compiled";
  #compiled = 0;

  read(line: string): void {
    if (line.startsWith("go: downloading ")) {
      this.current = `downloading ${line.slice("go: downloading ".length)}`;
    } else if (line === MAIN_PACKAGE) {
      this.current = "linking";
    } else {
      this.#compiled += 1;
      this.current = `${String(this.#compiled)} packages compiled, now ${line}`;
    }
  }
}
