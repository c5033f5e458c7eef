import type { KeyName, OperationName, SimulatedAccount } from "../../simulator/index";
import type { PulumiWorkspace } from "../workspace/workspace";
import { changedKeyWarning, plannedRotation, resourceSummary } from "./pulumiOutput";

/** What a step works with. */
export interface Stage {
  readonly workspace: PulumiWorkspace;
  readonly account: SimulatedAccount;
  readonly signal: AbortSignal;
}

/** What has to be the case after a step. */
export interface Expectation {
  /** What Pulumi says; a newer CLI may word the rest differently. */
  readonly said: RegExp;
  /** The keys whose old value no longer works. */
  readonly rotated: readonly KeyName[];
  /** The key that the stack's outputs call the current one; none without a resource. */
  readonly current: KeyName | undefined;
  /** The keys whose fingerprint in Pulumi's state is out of date. */
  readonly outdated: readonly KeyName[];
  /** Every request to Resource Manager, in order. */
  readonly requests: readonly OperationName[];
}

export interface Step {
  /** At most 14 characters, a column of the report. */
  readonly title: string;
  /** Does it, and answers in a few words what Pulumi said. */
  readonly perform: (stage: Stage) => Promise<string>;
  readonly expected: Expectation;
}

const quiet = { rotated: [], outdated: [], requests: [] };

export const steps: readonly Step[] = [
  {
    title: "preview",
    perform: async ({ workspace, signal }) => resourceSummary(await workspace.preview({ signal })),
    expected: { ...quiet, said: /to create/, current: undefined },
  },
  {
    title: "up",
    perform: up,
    expected: { ...quiet, said: /created/, current: "Primary", requests: ["get", "listKeys"] },
  },
  {
    title: "up again",
    perform: up,
    expected: { ...quiet, said: /^\d+ unchanged$/, current: "Primary" },
  },
  {
    title: "preview v2",
    perform: async ({ workspace, signal }) => {
      await workspace.setConfig("keyVersion", "2");
      return plannedRotation(await workspace.preview({ diff: true, signal }));
    },
    expected: { ...quiet, said: /rotates Secondary/, current: "Primary" },
  },
  {
    title: "up v2",
    perform: up,
    expected: {
      ...quiet,
      said: /1 updated/,
      rotated: ["Secondary"],
      current: "Secondary",
      requests: ["get", "regenerateKeys"],
    },
  },
  {
    title: "up v3",
    perform: async (stage) => {
      await stage.workspace.setConfig("keyVersion", "3");
      return up(stage);
    },
    expected: {
      ...quiet,
      said: /1 updated/,
      rotated: ["Primary"],
      current: "Primary",
      requests: ["get", "regenerateKeys"],
    },
  },
  {
    title: "by hand",
    perform: ({ account }) => {
      account.regenerate("Secondary");
      return Promise.resolve("(was not asked)");
    },
    expected: {
      ...quiet,
      said: /not asked/,
      rotated: ["Secondary"],
      current: "Primary",
      outdated: ["Secondary"],
    },
  },
  {
    title: "refresh",
    perform: async (stage) => changedKeyWarning(await apply("refresh", stage)),
    expected: {
      ...quiet,
      said: /Secondary changed/,
      current: "Primary",
      requests: ["listKeys"],
    },
  },
  {
    title: "destroy",
    perform: async (stage) => resourceSummary(await apply("destroy", stage)),
    expected: { ...quiet, said: /deleted/, current: undefined },
  },
];

async function up(stage: Stage): Promise<string> {
  return resourceSummary(await apply("up", stage));
}

/** Without the preview that comes first by default: each of the two has a step of its own here. */
function apply(command: "up" | "refresh" | "destroy", { workspace, signal }: Stage) {
  return workspace.pulumi([command, "--yes", "--skip-preview"], { signal });
}
