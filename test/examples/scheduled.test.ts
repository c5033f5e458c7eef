import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { SimulatedAccount } from "../../simulator";
import { codeBlocks, read, tableUnder } from "../package/documents";
import type { EngineFixture } from "../support/engineFixture";
import { azureCommands, type Command, githubCommands, type Settings } from "./ciJobs";
import { EXAMPLES, outputsOf, runInProject, startExample } from "./exampleStack";

jest.setTimeout(180_000);

const FOLDER = path.join(EXAMPLES, "scheduled");
const README = fs.readFileSync(path.join(FOLDER, "README.md"), "utf8");

/** What the simulator would take a client secret from, and whom to sign in. */
const OF_MACHINE = /^ARM_(TENANT_ID|CLIENT_ID|CLIENT_SECRET|SUBSCRIPTION_ID)$/;

let engine: EngineFixture;

beforeAll(async () => {
  engine = await startExample("scheduled");
});
afterAll(() => engine.stop());

/** The two systems, each with the commands of a file on a day's run: its ID token is a new one. */
const SYSTEMS: readonly {
  readonly name: string;
  readonly rotate: string;
  readonly overdue: string;
  readonly commands: (file: string) => Command[];
}[] = [
  {
    name: "GitHub Actions",
    rotate: ".github/workflows/rotate.yml",
    overdue: ".github/workflows/overdue.yml",
    commands: (file) =>
      githubCommands(
        path.join(FOLDER, file),
        settings(),
        engine.simulator.githubActionsEnvironment(),
      ),
  },
  {
    name: "Azure Pipelines",
    rotate: "azure-pipelines.yml",
    overdue: "azure-pipelines-overdue.yml",
    commands: (file) => {
      const { clientId: servicePrincipalId, tenantId } = engine.simulator;
      const idToken = engine.simulator.federatedToken();
      const principal = { servicePrincipalId, tenantId, idToken };
      return azureCommands(path.join(FOLDER, file), settings().secrets, principal);
    },
  },
];

/** What the README has the owner of the repository set up. */
function settings(): Settings {
  const { tenantId, clientId } = engine.simulator;
  return {
    variables: { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId },
    secrets: { PULUMI_ACCESS_TOKEN: "the state is in files here" },
  };
}

/** Runs a job's command on a machine that knows nothing but which cloud it talks to. */
async function run([command, ...others]: Command[]): Promise<{ stdout: string; exitCode: number }> {
  if (command === undefined || others.length > 0) throw new Error("the job has not one command");
  const machine = Object.fromEntries(
    Object.entries(engine.workspace.environment).filter(([name]) => !OF_MACHINE.test(name)),
  );
  const [shell = "", ...flags] = command.shell;
  const environment = { ...machine, ...command.environment };
  return runInProject(engine, shell, [...flags, command.script], environment).then(
    ({ stdout }) => ({ stdout, exitCode: 0 }),
    (error: unknown) => {
      const { stdout, code } = error as { stdout: string; code: number };
      return { stdout, exitCode: code };
    },
  );
}

async function adopted(name: string): Promise<SimulatedAccount> {
  const account = engine.newAccount(name);
  await engine.workspace.setConfig("accountId", account.id);
  await engine.workspace.setConfig("keyVersion", "1");
  await engine.workspace.up({ skipPreview: true });
  return account;
}

describe.each(SYSTEMS)("$name", ({ name, rotate, overdue, commands }) => {
  let account: SimulatedAccount;
  let held: string;

  beforeAll(async () => {
    account = await adopted(name.replace(/\W/g, "").toLowerCase());
    held = account.keys().primary;
  });

  test("finds nothing to do until 90 days have passed, and then is given a day", async () => {
    await engine.letDaysPass(89);
    const requests = await engine.requestsOf(async () => {
      expect((await run(commands(rotate))).stdout).toContain("2 unchanged");
    });
    expect(requests).toEqual([]);
    await engine.letDaysPass(1.5);
    expect(await run(commands(overdue))).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("1 Due") as string,
    });
  });

  test("fails its second job when the first has not run for more than a day", async () => {
    await engine.letDaysPass(1);
    expect(await run(commands(overdue))).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining("1 Overdue") as string,
    });
  });

  test("rotates nothing without the token of its job", async () => {
    const ofJob = /^(ACTIONS_ID_TOKEN_|idToken$)/;
    const bare = commands(rotate).map((command) => ({
      ...command,
      environment: Object.fromEntries(
        Object.entries(command.environment).filter(([variable]) => !ofJob.test(variable)),
      ),
    }));
    const { stdout, exitCode } = await run(bare);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("OIDC");
    expect(account.regenerations).toEqual([]);
  });

  test("rotates what is due, signed in without a secret", async () => {
    const { stdout, exitCode } = await run(commands(rotate));
    expect({ exitCode, secrets: engine.secretsIn(stdout) }).toEqual({ exitCode: 0, secrets: 0 });
    const { currentKey = "", nextRotationAt = "" } = await outputsOf(engine);
    expect(account.regenerations).toMatchObject([{ keyName: "Secondary" }]);
    expect([currentKey, held].map((key) => account.accepts(key))).toEqual([true, true]);
    expect(Date.parse(nextRotationAt)).toBeGreaterThan(Date.now() + 89 * 86_400_000);
  });

  test("has both jobs every day, the rotation first", () => {
    const hours = [rotate, overdue].map((file) => {
      const yaml = fs.readFileSync(path.join(FOLDER, file), "utf8");
      const [, minute, hour] = /- cron: "(\d+) (\d+) \* \* \*"/.exec(yaml) ?? [];
      return Number(hour) + Number(minute) / 60;
    });
    expect(hours[1]).toBeGreaterThan(hours[0] ?? NaN);
  });
});

test("a bump within a week is refused in the preview, and rotates after it", async () => {
  const account = await adopted("bumped");
  await engine.workspace.setConfig("keyVersion", "2");
  await engine.workspace.up({ skipPreview: true });
  await engine.workspace.setConfig("keyVersion", "3");
  const { stdout } = await engine.workspace.preview({ expectFailure: true });
  expect(stdout).toContain("stays valid for minimumOverlap (P7D)");

  await engine.letDaysPass(8);
  await engine.workspace.up({ skipPreview: true });
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
  const { currentKey = "" } = await outputsOf(engine);
  expect(account.accepts(currentKey)).toBe(true);

  await engine.workspace.destroy();
  expect(account.accepts(currentKey)).toBe(true);
});

test("what the guide shows of signing in is what the files have", () => {
  const shown = codeBlocks("yaml", read("docs/guides/sign-in.md"));
  const [permissions, [onGitHub], [onAzure]] = shown.map((block) => parse(block) as unknown) as [
    object,
    object[],
    object[],
  ];
  const [workflow, pipeline] = SYSTEMS.map(
    ({ rotate }) => parse(fs.readFileSync(path.join(FOLDER, rotate), "utf8")) as object,
  );
  expect(workflow).toMatchObject(permissions);
  const steps = (parent: object | undefined): object[] => {
    const { jobs = {} } = (parent ?? {}) as { jobs?: object };
    return Object.values(jobs).flatMap(({ steps: each }: { steps: object[] }) => each);
  };
  expect(steps(workflow).at(-1)).toMatchObject({ ...onGitHub });
  expect(steps(pipeline).at(-1)).toMatchObject({ ...onAzure });
});

test("the README has each file, and each name that somebody has to set up", () => {
  const files = tableUnder("Scheduled: a rotation every 90 days", README).map(
    ({ File: cell = "" }) => /\]\((.+)\)/.exec(cell)?.[1],
  );
  const jobs = SYSTEMS.flatMap(({ rotate, overdue }) => [rotate, overdue]);
  expect(files).toEqual(jobs);
  const { variables, secrets } = settings();
  for (const name of Object.keys({ ...variables, ...secrets })) expect(README).toContain(name);
  const connection = /azureSubscription: (\S+)/.exec(
    fs.readFileSync(path.join(FOLDER, "azure-pipelines.yml"), "utf8"),
  )?.[1];
  expect(README).toContain(`named \`${String(connection)}\``);
});
