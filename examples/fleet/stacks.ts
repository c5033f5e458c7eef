import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConcurrentUpdateError, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { diagnosticsOf } from "./diagnostics";
import { failed, type Outcome } from "./outcome";
import { type KnownRotation, type PlannedStack, type StackState, subscriptionOf } from "./plan";
import { writeRotations } from "./rotations";

/** What `pulumi stack export` prints, as far as this looks into it. */
interface StackExport {
  readonly deployment: { readonly resources?: readonly ExportedResource[] };
}

interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: unknown;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const WORKSPACE = {
  workDir: __dirname,
  // The program is compiled for each update; its types are for "tsc" to check.
  envVars: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
};

/** The names of the fleet's stacks that are there. */
export async function stackNames(): Promise<string[]> {
  const workspace = await LocalWorkspace.create(WORKSPACE);
  const stacks = await workspace.listStacks();
  // Those of another organization than the default one begin with its name.
  const names = stacks.map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
  const ours = names.filter((name) => subscriptionOf(name) !== undefined);
  const twice = ours.find((name, index) => ours.indexOf(name) !== index);
  if (twice === undefined) return ours;
  throw new Error(`stack ${twice} is in two organizations: remove one of the two`);
}

/** What is in a stack's state. The Automation API's own export decrypts the keys; this does not. */
export async function readState(stack: string): Promise<StackState> {
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  const options = { cwd: __dirname, maxBuffer: Infinity };
  const { stdout } = await promisify(execFile)("pulumi", args, options).catch((error: unknown) => {
    throw new Error(`stack ${stack} cannot be read: ${String(error)}`);
  });
  const { resources = [] } = (JSON.parse(stdout) as StackExport).deployment;
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const versions = (root?.outputs?.["versions"] ?? {}) as Readonly<Record<string, number>>;
  return new Map(
    resources
      .filter(({ type }) => type.endsWith(":BatchAccountKeyRotation"))
      .map(({ urn, inputs }) => {
        const name = urn.slice(urn.lastIndexOf("::") + 2);
        const inState = inputs as Pick<KnownRotation, "accountId" | "version" | "generation">;
        return [name, { ...inState, name, versionInOutputs: versions[name] }];
      }),
  );
}

/** Brings a stack to its plan, and tells from its state what became of each account. */
export async function updateStack(
  plan: PlannedStack,
  before: StackState | undefined,
): Promise<Outcome[]> {
  if (before === undefined && plan.rotations.length === 0) return [...plan.leftAlone];
  const stack = await select(plan.name);
  writeRotations(plan.name, plan.rotations);
  let printed = "";
  const options = { continueOnError: true, color: "never" } as const;
  const failure = await stack.up({ ...options, onOutput: (text) => (printed += text) }).then(
    () => undefined,
    (error: unknown) =>
      failed(plan.name, error instanceof ConcurrentUpdateError ? locked(plan.name) : error),
  );
  const after = await readState(plan.name);
  const told = diagnosticsOf(printed);
  const became = plan.rotations
    .filter(({ name }) => !plan.leftAlone.some(({ of }) => of === name))
    .map(({ name, version }): Outcome => {
      const kind = whatBecame(version, before?.get(name), after.get(name));
      const reason = told.get(name);
      return { of: name, kind, ...(reason === undefined ? {} : { reason }) };
    });
  const outcomes = [...became, ...plan.leftAlone];
  // Where one account has failed, the update may have left out others.
  if (became.some(({ kind, reason }) => kind === "failed" && reason !== undefined)) {
    return outcomes.map((each) =>
      each.kind === "failed" ? { reason: "not reached: run this again", ...each } : each,
    );
  }
  return failure === undefined ? outcomes : [...outcomes, failure];
}

function whatBecame(
  version: number,
  was: KnownRotation | undefined,
  is: KnownRotation | undefined,
): Outcome["kind"] {
  if (is?.version !== version) return "failed";
  if (was === undefined) return "adopted";
  return is.generation > was.generation ? "rotated" : "unchanged";
}

function locked(stack: string): string {
  return `it is locked. If no other run is under way, one that was killed has left the lock: run "pulumi cancel --yes ${stack}", and then this again`;
}

let selecting: Promise<unknown> = Promise.resolve();

/** Makes the stack if it is not there. One after the other: the CLI writes which one is selected. */
function select(stackName: string): Promise<Stack> {
  const { workDir } = WORKSPACE;
  const selected = selecting.then(() =>
    LocalWorkspace.createOrSelectStack({ stackName, workDir }, WORKSPACE),
  );
  selecting = selected.catch(() => undefined);
  return selected;
}
