import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type SimulatedAccount, type Simulator, startSimulator } from "../../simulator";
import { outputsOf } from "./exampleStack";
import { LanguageExample } from "./languageExample";
import { python } from "./languages";

jest.setTimeout(180_000);

/* A tenant is a simulator here: what one knows of credentials and accounts, the other does not. */

const TENANTS = ["contoso", "fabrikam"];
const PROVIDER =
  "urn:pulumi:imported::batch-key-two-tenants::pulumi:providers:azure-batch-key-rotation";

let example: LanguageExample;
let contoso: Simulator;
let fabrikam: Simulator;
let accounts: SimulatedAccount[];

beforeAll(async () => {
  fabrikam = await startSimulator();
  const certificates = path.join(fabrikam.certificateAuthorityFile, "../both.pem");
  example = await LanguageExample.start("two-tenants", python, {
    NODE_EXTRA_CA_CERTS: certificates,
    // So that nothing but what the program gives its providers signs them in.
    ARM_TENANT_ID: "",
    ARM_CLIENT_ID: "",
    ARM_CLIENT_SECRET: "",
    ARM_METADATA_HOSTNAME: "",
  });
  contoso = example.engine.simulator;
  await fs.writeFile(
    certificates,
    [contoso, fabrikam].map(({ certificateAuthority }) => certificateAuthority).join("\n"),
  );
  accounts = [contoso, fabrikam].map((simulator, index) => {
    const name = `${String(TENANTS[index])}account`;
    return simulator.account(simulator.createAccount({ name }));
  });
  await configure();
});
afterAll(async () => {
  await fabrikam.close();
  await example.engine.stop();
});

async function configure(): Promise<void> {
  for (const [index, simulator] of [contoso, fabrikam].entries()) {
    const set = (name: string, value: string, options?: { secret: boolean }) =>
      example.engine.workspace.setConfig(`${String(TENANTS[index])}:${name}`, value, options);
    await set("tenantId", simulator.tenantId);
    await set("clientId", simulator.clientId);
    await set("clientSecret", simulator.clientSecret, { secret: true });
    await set("metadataHost", new URL(simulator.url).host);
    await set("accountId", accounts[index]?.id ?? "");
  }
}

const rotated = () =>
  accounts.map((account) => account.regenerations.map(({ keyName }) => keyName));

test("each account is rotated with the credentials of its tenant", async () => {
  await example.up();
  expect(rotated()).toEqual([["Secondary"], ["Secondary"]]);
  const outputs = await outputsOf(example.engine);
  const current = TENANTS.map((tenant) => outputs[`${tenant}CurrentKey`]);
  expect(current).toEqual(accounts.map((account) => account.keys().secondary));
  expect((await example.up()).stdout).toMatch(/^ +5 unchanged$/m);
});

test("a version rotates one tenant's account alone", async () => {
  await example.engine.workspace.setConfig("contoso:keyVersion", "2");
  expect((await example.preview()).stdout).toMatch(/^ +~ 1 to update$/m);
  await example.up();
  expect(rotated()).toEqual([["Secondary", "Primary"], ["Secondary"]]);
});

test("accounts are imported by the providers of their tenants", async () => {
  await example.beginStack("imported");
  await configure();
  await example.up({ target: [`${PROVIDER}::*`] });
  for (const [index, tenant] of TENANTS.entries()) {
    const provider = `provider=${PROVIDER}::${tenant}`;
    await example.import(tenant, accounts[index]?.id ?? "", "--provider", provider);
  }
  await example.up();
  expect((await example.preview()).stdout).toMatch(/^ +5 unchanged$/m);
  expect(rotated().flat()).toHaveLength(3);
});

test("no client secret stands in clear in state, nor was it shown", async () => {
  const state = JSON.stringify(await example.engine.workspace.stackExport());
  const decrypted = JSON.stringify(
    await example.engine.workspace.stackExport({ showSecrets: true }),
  );
  for (const { clientSecret } of [contoso, fabrikam]) {
    expect(state + example.engine.printed).not.toContain(clientSecret);
    expect(decrypted).toContain(clientSecret);
  }
});
