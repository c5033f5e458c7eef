import * as fs from "node:fs/promises";
import * as path from "node:path";
import { lock } from "proper-lockfile";
import type { Progress } from "../progress";

/**
 * Runs `work` while no other process does, as far as all use this lock. A process that was killed no
 * longer renews its lock, and after ten seconds another takes it over. Should two ever go on at once,
 * that costs a second build and breaks nothing: what is built is put in its place in one step.
 */
export async function withLock<Result>(
  file: string,
  progress: Progress,
  work: () => Promise<Result>,
): Promise<Result> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const release = await acquire(file, progress);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(file: string, progress: Progress): Promise<() => Promise<void>> {
  // The lock is all there is: it stands for no other file.
  const options = { lockfilePath: file, realpath: false };
  try {
    return await lock(file, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
  }
  progress.begin("Waiting for another process that installs the same");
  progress.detail(file);
  const retries = { forever: true, minTimeout: 500, maxTimeout: 500 };
  return lock(file, { ...options, retries }).finally(() => {
    progress.end();
  });
}
