import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { RotationInState } from "../../lifecycle/predecessors";
import type { EngineReference } from "../../rotation/hiddenInputs";
import { ROTATION_TYPES } from "../../rotation/resourceTypes";
import { isSecretValue } from "../secretValues";

/** Milliseconds after which the CLI is not waited for any longer. */
const DEADLINE = 60_000;

interface Export {
  readonly deployment?: { readonly resources?: readonly Resource[] } | null;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Whether it has been replaced, and waits to be deleted. */
  readonly delete?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The stack's state could not be read: nobody knows whether it has a rotation of the account. */
export class UnreadableState extends Error {}

/**
 * Reads the rotations of a stack as its state has them. The engine tells a plugin of none but the one
 * that it asks about, so the CLI is asked, which is what runs the engine; with the secrets in
 * ciphertext.
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
 * @throws UnreadableState
 */
export async function readRotations({ stack }: EngineReference): Promise<RotationInState[]> {
  let exported: Export;
  try {
    const command = ["stack", "export", "--stack", stack, "--non-interactive"];
    const options = { timeout: DEADLINE, maxBuffer: Infinity };
    const { stdout } = await promisify(execFile)("pulumi", command, options);
    exported = JSON.parse(stdout) as Export;
  } catch (error) {
    throw new UnreadableState(
      `could not read the state of stack ${stack}, which may have an earlier rotation of this account: ${reasonOf(error)}. Nothing was changed. Next: make "pulumi stack export --stack ${stack}" work where the program runs, or adopt the account: set rotateOnCreate to false, and liveKey to the key that applications hold now`,
      { cause: error },
    );
  }
  return (exported.deployment?.resources ?? [])
    .filter((resource) => ROTATION_TYPES.includes(resource.type) && resource.delete !== true)
    .map(({ urn, id, outputs = {} }) => ({
      urn,
      outputs: { ...withoutSecrets(outputs), accountId: id },
    }));
}

function withoutSecrets(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !isSecretValue(value)));
}

function reasonOf(error: unknown): string {
  const { code, stderr = "", message } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === "ENOENT") return "the pulumi CLI is not on PATH";
  const said = stderr
    .trim()
    .replace(/^error: /, "")
    .replace(/\.$/, "");
  return said === "" ? message : said;
}
