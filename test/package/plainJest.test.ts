import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { prepareProviderFolder } from "../../dev/workspace/providerProcess";
import { startSimulator } from "../../simulator";

/*
 * The package in a user's own tests. Jest as it comes knows no import() in CommonJS, and neither does
 * yarn's Plug'n'Play: what the package loads late it requires.
 */

jest.setTimeout(120_000);

const TESTS = `
const { getBatchAccounts } = require("pulumi-azure-batch-key-rotation");
const lifecycle = require("pulumi-azure-batch-key-rotation/lifecycle");
const { ACCOUNT_ID: accountId, VAULT_URI: vaultUri } = process.env;

test("getBatchAccounts", async () => {
  const { accounts } = await getBatchAccounts();
  expect(accounts).toMatchObject([{ id: accountId }]);
});

test("a rotation whose key goes to a secret", async () => {
  await lifecycle.configure({ config: { get: () => undefined } });
  const given = { accountId, keyVaultSecret: { vaultUri } };
  const { inputs } = await lifecycle.check({}, given);
  const { outs } = await lifecycle.create(inputs);
  expect(outs.secretVersion).toMatch(/./);
});
`;

test("works under Jest without any option for modules", async () => {
  const simulator = await startSimulator();
  const folder = await prepareProviderFolder();
  try {
    await fs.writeFile(path.join(folder, "package.json"), '{ "private": true }');
    await fs.writeFile(path.join(folder, "rotation.test.js"), TESTS);
    const { PATH } = process.env;
    const env = {
      ...{ PATH, ...simulator.environment() },
      ACCOUNT_ID: simulator.createAccount({ name: "listed" }),
      VAULT_URI: simulator.createVault({ name: "vault" }).uri,
    };
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [require.resolve("jest/bin/jest")],
      { cwd: folder, env },
    );
    expect(stderr).toMatch(/Tests: +2 passed, 2 total/); // jest reports on standard error
  } finally {
    await simulator.close();
    await fs.rm(folder, { recursive: true });
  }
});
