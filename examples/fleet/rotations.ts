import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { PlannedRotation } from "./plan";

/* What fleet.ts tells the program of a stack. Not by configuration: Pulumi hands that on in an environment
   variable, for which a thousand accounts are too many. */

const FOLDER = path.join(__dirname, "rotations");

const fileOf = (stack: string): string => path.join(FOLDER, `${stack}.json`);

export function writeRotations(stack: string, rotations: readonly PlannedRotation[]): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(stack), JSON.stringify(rotations));
}

export function readRotations(stack: string): PlannedRotation[] {
  return JSON.parse(readFileSync(fileOf(stack), "utf8")) as PlannedRotation[];
}
