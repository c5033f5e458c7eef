import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

export interface WorkspaceProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The command line, without the environment. */
  readonly command: string;
}

/**
 * The processes that have `marker` in their environment. Ancestry would not do: what a killed CLI
 * leaves behind has no parent any more, and each plugin is in a process group of its own.
 */
export async function findProcesses(marker: string): Promise<WorkspaceProcess[]> {
  const withEnvironment = new Set(
    (await listProcesses({ environment: true }))
      .filter(({ command }) => command.includes(marker))
      .map(({ pid }) => pid),
  );
  return (await listProcesses({ environment: false })).filter(({ pid }) =>
    withEnvironment.has(pid),
  );
}

/** Kills them until none is left: one that is dying may have started another. */
export async function killProcesses(marker: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const processes = await findProcesses(marker);
    if (processes.length === 0) return;
    for (const { pid } of processes) kill(pid);
    await delay(50);
  }
  const left = (await findProcesses(marker)).map(({ pid, command }) => `${String(pid)} ${command}`);
  throw new Error(`These processes of the workspace cannot be killed:\n${left.join("\n")}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function listProcesses({ environment }: { environment: boolean }) {
  const flags = process.platform === "darwin" ? "-axww" : "axww";
  const showEnvironment = process.platform === "darwin" ? "E" : "e";
  const { stdout } = await promisify(execFile)(
    "ps",
    [environment ? flags + showEnvironment : flags, "-o", "pid=,ppid=,args="],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout.split("\n").flatMap((line): WorkspaceProcess[] => {
    const [, pid, parentPid, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    // A zombie has neither command line nor environment; it only waits to be reaped.
    return pid === undefined ? [] : [{ pid: Number(pid), parentPid: Number(parentPid), command }];
  });
}
