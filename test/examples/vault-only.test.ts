import * as fs from "node:fs/promises";
import * as path from "node:path";
import { REPOSITORY } from "../../dev/workspace/packedPackage";
import { runInProject } from "./exampleStack";
import { vaultExample } from "./vaultExample";

jest.setTimeout(180_000);

const example = vaultExample("vault-only");

/** Runs the application as the README says, on a host that has the simulator's managed identity. */
async function runApplication(): Promise<void> {
  const { engine } = example;
  const readme = await fs.readFile(path.join(engine.workspace.projectFolder, "README.md"), "utf8");
  const commands = /```sh\n(export SECRET_URI=[^`]*)```/.exec(readme)?.[1] ?? "false";
  const environment = {
    ...engine.simulator.managedIdentityEnvironment(),
    NODE_OPTIONS: `--require ${path.join(REPOSITORY, "test/support/localVault.cjs")}`,
  };
  const settings = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  // The application's alone: Pulumi's commands need none of it.
  const script = commands.replace("node application", `${settings.join(" ")} node application`);
  await runInProject(engine, "bash", ["-e", "-c", script]);
}

test("the first preview works when there is nothing in Azure yet", async () => {
  const requests = await example.engine.requestsOf(async () => {
    expect((await example.preview()).stdout).toMatch(/\+ 6 to create/);
  });
  expect(requests).toEqual([]);
});

test("up makes all of it, the role before the key that it is needed for, and the key works", async () => {
  await example.up();
  const { account, keys } = await example.whatThereIs();
  expect(keys).toEqual([account.keys().secondary]);
  expect(account.accepts(account.keys().secondary)).toBe(true);
});

test("a bump makes a new version of the secret, and the key of the old one still works", async () => {
  await example.configure("keyVersion", "2");
  await example.up();
  const { account, keys } = await example.whatThereIs();
  expect(keys).toEqual([account.keys().secondary, account.keys().primary]);
  expect(keys.map((key) => account.accepts(key))).toEqual([true, true]);
});

test("an application that starts now gets in with the new key, and needs no other", async () => {
  const { account } = await example.whatThereIs();
  account.regenerate("Secondary"); // the one that it had before
  const requests = await example.engine.requestsOf(runApplication);
  expect(requests).toEqual([
    "vaultChallenge",
    "managedIdentityToken",
    "getVaultSecret",
    "dataPlane",
  ]);
});

test("no key is in the exported state, not even decrypted, nor in what was printed", async () => {
  const state = JSON.stringify(await example.engine.workspace.stackExport({ showSecrets: true }));
  const { account, keys } = await example.whatThereIs();
  for (const key of [...keys, account.keys().primary, account.keys().secondary]) {
    expect(state).not.toContain(key);
    expect(example.engine.printed).not.toContain(key);
  }
});

test("destroy removes all of it", () => example.destroy());
