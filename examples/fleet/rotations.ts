import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { StackProgram } from "./plan";

/* What fleet.ts tells the program of a stack. Not by configuration: Pulumi hands that on in an environment
   variable, for which a thousand accounts are too many. */

const FOLDER = path.join(__dirname, "rotations");

const fileOf = (stack: string): string => path.join(FOLDER, `${stack}.json`);

export function writeProgram(stack: string, { version, rotations }: StackProgram): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(stack), JSON.stringify({ version, rotations }));
}

export function readProgram(stack: string): StackProgram {
  return JSON.parse(readFileSync(fileOf(stack), "utf8")) as StackProgram;
}
