import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { Report } from "../progress";

const RETRY_MS = 500;

/**
 * Runs `work` while no other process does, as far as all use this lock. The file holds its owner's
 * process id, so that the lock of a process that was killed is taken over. Two processes that take
 * over at the same instant may both go on: that costs a second build and breaks nothing, because
 * what is built is put in its place in one step.
 */
export async function withLock<Result>(
  file: string,
  report: Report,
  work: () => Promise<Result>,
): Promise<Result> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const startedAt = Date.now();
  while (!(await acquire(file))) {
    const owner = await readOwner(file);
    if (owner !== undefined && !isAlive(owner)) {
      await fs.rm(file, { force: true });
      continue;
    }
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    report({
      message: `Waiting for process ${String(owner ?? "unknown")} to install the Pulumi CLI: ${String(seconds)} s (${file})`,
      transient: true,
    });
    await delay(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

/** A link appears in one step with its content, or fails because the lock is taken. */
async function acquire(file: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await fs.writeFile(own, String(process.pid));
  try {
    await fs.link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await fs.rm(own, { force: true });
  }
}

async function readOwner(file: string): Promise<number | undefined> {
  try {
    return Number(await fs.readFile(file, "utf8"));
  } catch {
    // Released since the attempt to acquire it.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists as well; it just cannot be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
