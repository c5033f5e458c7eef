import { existsSync } from "node:fs";
import { judge } from "../../dev/demo/judge";
import { changedKeyWarning, plannedRotation, resourceSummary } from "../../dev/demo/pulumiOutput";
import { runDemo } from "../../dev/demo/runDemo";
import { type Step, steps } from "../../dev/demo/steps";
import type { PulumiInstallation } from "../../dev/pulumi-cli/installation";
import type { PulumiWorkspace } from "../../dev/workspace/workspace";
import type { KeyPair } from "../../simulator";
import { SimulatedAccount } from "../../simulator/account";
import { Simulator } from "../../simulator/simulator";
import { installedPulumi } from "../support/engineFixture";

jest.setTimeout(180_000);

let pulumi: PulumiInstallation;
let written: string;
const write = (text: string): void => {
  written += text;
};

beforeAll(async () => {
  pulumi = await installedPulumi();
});

beforeEach(() => {
  written = "";
});

afterEach(() => jest.restoreAllMocks());

describe("the demo", () => {
  test("rotates twice, and the key in use works all the time", async () => {
    const keys = jest.spyOn(SimulatedAccount.prototype, "keys");
    const result = await runDemo({ pulumi, write });

    expect(result).toMatchObject({
      rotations: 2,
      budgetUse: { reads: 3, writes: 4 },
      throttled: 0,
      failedSignIns: 0,
      problems: [],
    });
    // More than the checks after the steps: the application was at work.
    expect(result.signIns).toBeGreaterThan(steps.length);
    for (const { title } of steps) expect(written).toMatch(new RegExp(`^${title}  `, "m"));
    expect(written).toMatch(/^up v2 .*1 updated .*Secondary .*Secondary ✓$/m);
    expect(written).toMatch(/^ *Times the current key did not work +0$/m);
    // What is not for a terminal has no control characters.
    expect(written).not.toContain("\u001b");

    const everyKey = new Set(
      keys.mock.results.flatMap(({ value }) => {
        const { primary, secondary } = value as KeyPair;
        return [primary, secondary];
      }),
    );
    expect(everyKey.size).toBe(5);
    for (const key of everyKey) expect(written).not.toContain(key);
  });

  test("says what is not as expected, and stops there", async () => {
    const [preview, up] = steps as readonly [Step, Step];
    const elsewhere = { ...up, expected: { ...up.expected, current: "Secondary" } } as const;
    const { problems } = await runDemo({ pulumi, write, play: [elsewhere, preview] });

    expect(problems).toEqual(['After "up": currentKeyName: expected Secondary, found Primary.']);
    expect(written).toContain("currentKeyName: expected Secondary, found Primary.");
    expect(written).not.toMatch(/^preview /m);
  });

  test("notices an application whose key stops working, if only for a while", async () => {
    const [, up] = steps as readonly [Step, Step];
    const rough: Step = {
      ...up,
      perform: async (stage) => {
        stage.account.dataPlane = "Unreachable";
        const said = await up.perform(stage);
        stage.account.dataPlane = "Available";
        return said;
      },
    };
    const { failedSignIns, problems } = await runDemo({ pulumi, write, play: [rough] });
    expect(failedSignIns).toBeGreaterThan(0);
    expect(problems).toEqual([expect.stringMatching(/sign-ins? of the application failed/)]);
  });

  test("leaves nothing behind when it is interrupted in the middle of an update", async () => {
    const [, up] = steps as readonly [Step, Step];
    const close = jest.spyOn(Simulator.prototype, "close");
    const interruption = new AbortController();
    let workspace: PulumiWorkspace | undefined;
    const interrupted: Step = {
      ...up,
      perform: (stage) => {
        ({ workspace } = stage);
        setTimeout(() => {
          interruption.abort();
        }, 500);
        return up.perform(stage);
      },
    };
    const { signal } = interruption;
    const { problems } = await runDemo({ pulumi, write, signal, play: [interrupted] });

    expect(problems).toEqual(["It was interrupted."]);
    expect(existsSync(workspace?.projectFolder ?? ".")).toBe(false);
    await expect(workspace?.processes()).resolves.toEqual([]);
    const [simulator] = close.mock.contexts as Simulator[];
    expect(existsSync(simulator?.certificateAuthorityFile ?? ".")).toBe(false);
  });

  test("shows on a terminal what is running", async () => {
    await runDemo({ pulumi, write, live: true, colour: true, columns: 80, play: [] });
    expect(written).toContain("\r\u001b[2K(preparing)… 0:00");
    expect(written).toContain("\u001b[1mRotating the keys of an Azure Batch account");
    for (const line of written.replace(/\u001b\[\d*[A-Za-z]/g, "").split(/[\r\n]/)) {
      expect(line.length).toBeLessThan(80);
    }
  });
});

describe("what Pulumi said", () => {
  const output = (stdout: string) => ({ exitCode: 0, stdout, stderr: "" });

  test("is what changes, or else that nothing does", () => {
    const table = (rows: string): string =>
      `Outputs:\n    a: "1"\n\nResources:\n${rows}\nDuration: 3s\n`;
    expect(resourceSummary(output(table("    ~ 1 updated\n    1 unchanged\n")))).toBe("1 updated");
    expect(resourceSummary(output(table("    2 unchanged\n")))).toBe("2 unchanged");
    expect(resourceSummary(output("Resources:\n    + 2 to create\n"))).toBe("2 to create");
    expect(resourceSummary(output(""))).toBe("nothing");
  });

  test("is the key of a planned rotation", () => {
    expect(plannedRotation(output('  ~ keyToRotate   : "None" => "Secondary"'))).toBe(
      "rotates Secondary",
    );
    expect(plannedRotation(output('    keyToRotate   : "None"'))).toBe("rotates nothing");
  });

  test("is the key of a refresh's warning, on either stream", () => {
    const warning = 'warning: the Primary key of Batch account "a" was changed outside this stack';
    expect(changedKeyWarning({ ...output(""), stderr: warning })).toBe("Primary changed!");
    expect(changedKeyWarning(output(warning))).toBe("Primary changed!");
    expect(changedKeyWarning(output("2 unchanged"))).toBe("no warning");
  });
});

describe("judging a step", () => {
  const key = { fingerprint: "1f2e3d4c5b6a7988", works: true };
  const good = {
    said: "1 updated",
    rotated: ["Secondary"],
    keys: { Primary: { ...key, fingerprint: "0123456789abcdef" }, Secondary: key },
    current: { name: "Secondary", ...key },
    outdated: [],
    requests: ["get", "regenerateKeys"],
  } as const;
  const [, , , , { expected }] = steps as readonly [Step, Step, Step, Step, Step];
  const broken = { ...key, works: false };

  test.each([
    ["nothing that is as expected", {}, []],
    ["what Pulumi says", { said: "2 unchanged" }, [/said "2 unchanged"/]],
    [
      "a key rotated",
      { rotated: ["Primary"] },
      [/Keys rotated: expected Secondary, found Primary/],
    ],
    ["a request too many", { requests: ["get", "regenerateKeys", "regenerateKeys"] }, [/Requests/]],
    ["an old fingerprint", { outdated: ["Primary"] }, [/Fingerprints .* none, found Primary/]],
    ["no current key", { current: undefined }, [/currentKeyName: expected Secondary, found none/]],
    ["a key refused", { keys: { ...good.keys, Primary: broken } }, [/refuses the Primary key/]],
    [
      "the current key refused",
      { current: { ...good.current, ...broken } },
      [/stack's currentKey/],
    ],
    [
      "a current key that is the other one",
      { current: { name: "Secondary", ...good.keys.Primary } },
      [/not the account's Secondary key/],
    ],
  ] as const)("objects to %s", (_what, found, objections) => {
    expect(judge({ ...good, ...found }, expected)).toEqual(
      objections.map((objection: RegExp) => expect.stringMatching(objection) as string),
    );
  });
});
