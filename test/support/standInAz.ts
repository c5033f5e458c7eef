import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "../../simulator";

/** What a command prints: JSON, or text on standard error with which it fails; or what it does. */
type Answer = object | string | { readonly runs: string };

/** A program named az, in a folder of its own, that answers as it is told to. */
export interface StandInAz {
  /** A PATH on which it is the only program. */
  readonly path: string;
  /** By the beginning of the command, e.g. "account show". */
  answer(command: string, answer: Answer): void;
  /** The commands so far. */
  calls(): string[];
  remove(): void;
}

const PROGRAM = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const command = process.argv.slice(2).join(" ");
appendFileSync(__dirname + "/calls", command + "\\n");
const answers = Object.entries(JSON.parse(readFileSync(__dirname + "/answers.json", "utf8")));
const [, answer = "ERROR: unknown command"] = answers.find(([each]) => (command + "\\n").startsWith(each)) ?? [];
if (answer.runs !== undefined) {
  eval(answer.runs);
} else if (typeof answer === "string") {
  process.stderr.write(answer);
  process.exitCode = 1;
} else {
  process.stdout.write(JSON.stringify(answer));
}
`;

/**
 * What the CLI writes where Entra ID wants another sign-in: in public reports of 2025 and 2026, with
 * made-up ids. (Older ones: "Interactive authentication is needed. Please run:".)
 */
export function interactionNeeded(code: string): string {
  return [
    `ERROR: ${code}: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '797f4846-ba00-4fd7-ba43-dac1f8f63013'. Trace ID: 00000000-0000-0000-0000-000000000001 Correlation ID: 00000000-0000-0000-0000-000000000002 Timestamp: 2025-09-23 17:11:20Z`,
    "Run the command below to authenticate interactively; additional arguments may be added as needed:",
    "az logout",
    'az login --tenant "…" --scope "…"',
    "",
  ].join("\n");
}

/** Signed in to the simulator's cloud. */
export function standInAz(simulator: Simulator): StandInAz {
  const path = mkdtempSync(join(tmpdir(), "stand-in-az-"));
  const answers: Record<string, Answer> = {};
  writeFileSync(join(path, "az"), PROGRAM);
  chmodSync(join(path, "az"), 0o755);
  const az: StandInAz = {
    path,
    answer(command, answer) {
      answers[command] = answer;
      writeFileSync(join(path, "answers.json"), JSON.stringify(answers));
    },
    calls() {
      const file = join(path, "calls");
      return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    },
    remove() {
      rmSync(path, { recursive: true });
    },
  };
  const { subscriptionId, tenantId } = simulator;
  az.answer("account show", accountShown(simulator));
  const token = (resource?: string) => ({
    accessToken: simulator.accessToken(resource),
    expires_on: Math.floor(Date.now() / 1_000) + 3_600,
    subscription: subscriptionId,
    tenant: tenantId,
    tokenType: "Bearer",
  });
  const { keyVaultAudience } = simulator;
  const forVaults = `account get-access-token -o json --resource ${keyVaultAudience}`;
  // With the command's end: Resource Manager's audience begins as that of the vaults does.
  az.answer(`${forVaults}\n`, token(keyVaultAudience));
  az.answer("account get-access-token", token());
  return az;
}

export function accountShown({ subscriptionId, tenantId }: Simulator, changes: object = {}) {
  return {
    environmentName: "Simulator",
    id: subscriptionId,
    isDefault: true,
    name: "Subscription",
    tenantId,
    ...changes,
  };
}
