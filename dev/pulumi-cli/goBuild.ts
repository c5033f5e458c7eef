import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Progress } from "../progress";
import { type Environment, findExecutable } from "./installation";

/** A program that Go makes of pinned sources. */
export interface GoProgram {
  /** What it is to a person: "the Pulumi CLI 3.259.0". */
  readonly title: string;
  /** How long the first build takes. */
  readonly duration: string;
  /** The folder with go.mod and go.sum, which pin every source. */
  readonly module: string;
  readonly mainPackage: string;
  /** Where the program holds its version, and which it is. */
  readonly version?: readonly [variable: string, value: string];
}

/** Builds a program, and puts it in its place when it is whole. */
export async function buildGoProgram(
  { title, duration, module, mainPackage, version }: GoProgram,
  executable: string,
  environment: Environment,
  progress: Progress,
): Promise<void> {
  const go = await findExecutable("go", environment);
  if (go === undefined) {
    throw new Error(`There is no Go on PATH to build ${title} from source.`);
  }
  progress.print(`Building ${title} from source: ${duration}, once.`);
  await fs.mkdir(path.dirname(executable), { recursive: true });
  // Renamed when it is whole, so that a build that is killed leaves nothing that looks finished.
  const unfinished = `${executable}.${String(process.pid)}.unfinished`;
  try {
    const linkerFlags = ["-s", "-w", ...(version === undefined ? [] : ["-X", version.join("=")])];
    await runGoBuild(go, ["-ldflags", linkerFlags.join(" "), "-o", unfinished, mainPackage], {
      title,
      module,
      mainPackage,
      environment,
      progress,
    });
    await fs.rename(unfinished, executable);
  } finally {
    await fs.rm(unfinished, { force: true });
  }
  progress.print(`Built ${executable}.`);
}

export interface GoBuildOptions {
  readonly title: string;
  /** The folder with go.mod. */
  readonly module: string;
  /** The one that is linked, where a program is built. */
  readonly mainPackage?: string;
  readonly environment: Environment;
  readonly progress: Progress;
}

/**
 * With these alone is what one build has compiled good for the next: it counts as the same. No
 * debugging information is made, which the linker would leave out anyway.
 */
export const GO_FLAGS = ["-trimpath", "-gcflags=all=-dwarf=false"];
/** GOGC: the compiler collects its garbage less often, for some hundred megabytes more. */
export const GO_VARIABLES = { CGO_ENABLED: "0", GOGC: "400" };

/** Runs `go build -v`, and shows how far it is. */
export async function runGoBuild(
  go: string,
  args: readonly string[],
  { title, module, mainPackage, environment, progress }: GoBuildOptions,
): Promise<void> {
  const build = spawn(go, ["build", "-v", ...GO_FLAGS, ...args], {
    cwd: module,
    env: { ...environment, ...GO_VARIABLES },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stages = new BuildStages(mainPackage);
  const log: string[] = [];
  progress.begin(`Building ${title}`);
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
      throw new Error([`"go build" of ${title} failed (${why}):`, ...log.slice(-8)].join("\n    "));
    }
  } finally {
    progress.end();
    process.off("exit", giveUp);
  }
}

/** Tells from what `go build -v` prints how far it is: modules, then packages, the main one last. */
class BuildStages {
  current = "looking at what is already compiled";
  readonly #mainPackage: string | undefined;
  #compiled = 0;

  constructor(mainPackage: string | undefined) {
    this.#mainPackage = mainPackage;
  }

  read(line: string): void {
    if (line.startsWith("go: downloading ")) {
      this.current = `downloading ${line.slice("go: downloading ".length)}`;
    } else if (line === this.#mainPackage) {
      this.current = "linking";
    } else {
      this.#compiled += 1;
      this.current = `${String(this.#compiled)} packages compiled, now ${line}`;
    }
  }
}
