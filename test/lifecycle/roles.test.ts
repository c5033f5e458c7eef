import type { SimulatedAccount, SimulatedVault } from "../../simulator";
import { codeBlocks, codeIn, read, tableUnder } from "../package/documents";
import { listingWorld } from "../support/listingWorld";
import { type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

/* docs/guides/sign-in.md#the-role: what an identity needs is enough, and none of it is too much. */

const GUIDE = read("docs/guides/sign-in.md");
const ROWS = tableUnder("The role", GUIDE);

const ON_ACCOUNTS = ["read", "write", "delete", "listKeys/action", "regenerateKeys/action"].map(
  (action) => `Microsoft.Batch/batchAccounts/${action}`,
);
const ON_SECRETS = [
  ...["getSecret/action", "setSecret/action", "readMetadata/action", "update/action"],
  ...["recover/action", "delete", "purge/action"],
].map((action) => `Microsoft.KeyVault/vaults/secrets/${action}`);

const LISTING = "`getBatchAccounts`, and `SubscriptionKeyRotation` beside its rotations";

function actionsOf(task: string): string[] {
  return codeIn(ROWS.find((row) => row["Task"] === task)?.["Actions"]);
}

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;
let vault: SimulatedVault;
let last: StatefulEngine | undefined;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount());
  vault = world.simulator.createVault({ name: "vault" });
  last = undefined;
});
afterEach(() => world.simulator.close());

/** Leaves the identity the actions of a list, on the account and on the vault's secrets. */
function allow(onAccount: readonly string[], onSecrets: readonly string[]): void {
  for (const action of ON_ACCOUNTS) {
    if (!onAccount.includes(action)) account.deniedActions.add(action);
  }
  for (const action of ON_SECRETS) {
    if (!onSecrets.includes(action)) vault.deniedActions.add(action);
  }
}

/** A command of Pulumi's, which has a process of its own and the state of the one before. */
function command(): StatefulEngine {
  const engine = new StatefulEngine(world.newProcess());
  engine.state = last?.state;
  world.engine.state = last?.state; // what the engine tells of the stack
  last = engine;
  return engine;
}

/** Adopting, a bump, a refresh, and at the end a revocation. */
async function rotate(args: object = {}): Promise<void> {
  const given = { accountId, rotateOnCreate: false, revokeOnDelete: true, ...args };
  await command().up(given);
  await command().up({ ...given, version: 2 });
  await command().refresh();
  await command().destroy();
}

/** The same, with a secret that somebody deletes in between. */
async function rotateIntoVault(): Promise<void> {
  const args = { accountId, keyVaultSecret: { vaultUri: vault.uri } };
  await command().up(args);
  vault.deleteSecret("rotated-key");
  await rotate({ ...args, version: 2 });
}

async function readOnly(): Promise<void> {
  await command().up({ accountId, rotateOnCreate: false });
  await command().refresh();
  await world.newProcess().read(accountId, {}); // get
}

interface Task {
  readonly run: () => Promise<unknown>;
  /** Whether the actions of the row are about the vault. */
  readonly isOfVault?: boolean;
}

const ROTATION = actionsOf("A rotation");

const TASKS: Readonly<Record<string, Task>> = {
  "A rotation": { run: rotate },
  "`get`, a refresh, adopting": { run: readOnly },
  "`keyVaultSecret`, beside its rotation": {
    run: rotateIntoVault,
    isOfVault: true,
  },
};

describe.each(Object.entries(TASKS))("%s", (name, { run, isOfVault = false }) => {
  const actions = actionsOf(name);

  const allowed = (some: readonly string[]) => {
    if (isOfVault) allow(ROTATION, some);
    else allow(some, []);
  };

  test("needs no more", async () => {
    expect(actions.length).toBeGreaterThan(1);
    allowed(actions);
    await run();
  });

  test.each(actions)("needs %s, and is told so", async (action) => {
    allowed(actions.filter((other) => other !== action));
    const failure = await run().then(
      () => "",
      (error: unknown) => (error as Error).message,
    );
    // What does not stop the work is told.
    expect([failure, ...world.told].join("\n")).toMatch(
      isOfVault
        ? /give the identity the role Key Vault Secrets Officer/
        : new RegExp(`Next: give the identity a role with the action ${action}`),
    );
  });
});

test(`${LISTING} names the action that it lacks`, async () => {
  const listing = await listingWorld();
  listing.simulator.inject({
    operation: "list",
    fault: { kind: "Error", status: 403, code: "AuthorizationFailed", message: "Not you." },
  });
  expect(await listing.failure()).toContain(`the action ${actionsOf(LISTING).join()}`);
  await listing.simulator.close();
});

test("every row of the table was tested above, and the role that is shown is the first one", () => {
  expect(ROWS.map((row) => row["Task"]).sort()).toEqual([...Object.keys(TASKS), LISTING].sort());
  const role = codeBlocks("json", GUIDE).map((block) => JSON.parse(block) as object);
  expect(role).toContainEqual(expect.objectContaining({ Actions: ROTATION }));
});
