import { accountListing } from "../../provider/accountListing";
import { Connections } from "../../provider/azure/connections";
import type { Simulator } from "../../simulator";
import { setProcessEnvironment } from "../support/processEnvironment";
import { simulatedSurroundings, type SimulatedWorld } from "../support/simulatedWorld";
import { signInSimulator, signInWorld, type SignInWorld } from "../support/signInWorld";
import { accountShown } from "../support/standInAz";
import { StatefulEngine } from "../support/statefulEngine";

const ANOTHER_SUBSCRIPTION = "12345678-1234-1234-1234-123456789012";
const SHOW = "account show -o json";

let world: SimulatedWorld;
let simulator: Simulator;
let here: SignInWorld;

beforeAll(async () => {
  world = await signInSimulator();
  ({ simulator } = world);
});
afterAll(() => simulator.close());
beforeEach(() => {
  here = signInWorld(world);
});
afterEach(() => {
  here.close();
});

function names() {
  return { resourceGroupName: "group", accountName: here.accountId.split("/").at(-1) };
}

describe("the subscription", () => {
  test("of accounts that are named without one is the CLI's, which is asked once", async () => {
    const lifecycle = world.newProcess();
    const [one, another] = [new StatefulEngine(lifecycle), new StatefulEngine(lifecycle)];
    await Promise.all([one.up(names()), another.up(names())]);
    expect(one.state?.id).toBe(here.accountId);
    const calls = here.az.calls().filter((call) => call.startsWith("account show"));
    expect(calls).toEqual([SHOW]);
  });

  test("that is configured is the one, and the CLI is asked about it", async () => {
    const { subscriptionId } = simulator;
    await here.rotate({ subscriptionId }, { accountId: undefined, ...names() });
    expect(here.engine.state?.id).toBe(here.accountId);
    const [show, token] = here.az.calls();
    expect(show).toBe(`${SHOW} --subscription ${subscriptionId}`);
    expect(token).not.toContain("--subscription");
  });

  test("is named to the CLI when it signs in, if it is not the CLI's own", async () => {
    const { subscriptionId } = simulator;
    here.az.answer("account show", accountShown(simulator, { isDefault: false }));
    expect(await here.rotate({ subscriptionId })).toBe(1);
    expect(here.az.calls().at(-1)).toContain(`--subscription ${subscriptionId}`);
  });

  test("stays that of the state, whatever the CLI's own is by then", async () => {
    await here.rotate({}, { accountId: undefined, ...names() });
    here.az.answer("account show", accountShown(simulator, { id: ANOTHER_SUBSCRIPTION }));
    const engine = new StatefulEngine(world.newProcess());
    engine.state = here.engine.state;
    const accountName = names().accountName?.toUpperCase();
    await engine.up({ resourceGroupName: "GROUP", accountName, version: 2 });
    expect(engine.state?.inputs["subscriptionId"]).toBe(simulator.subscriptionId);
    expect(here.account.regenerations).toHaveLength(2);
  });

  test("is the CLI's for an account of another name", async () => {
    await here.rotate({}, { accountId: undefined, ...names() });
    here.az.answer("account show", accountShown(simulator, { id: ANOTHER_SUBSCRIPTION }));
    const old = here.engine.state?.inputs ?? {};
    const given = { resourceGroupName: "group", accountName: "another" };
    const { inputs } = await world.newProcess().check(old, given);
    expect(inputs).toMatchObject({ subscriptionId: ANOTHER_SUBSCRIPTION, generation: 1 });
  });

  test("of nobody fails check on that property, which says how to give it", async () => {
    here.az.answer("account show", "ERROR: Please run 'az login' to setup account.");
    const { failures } = await world.newProcess().check({}, names());
    expect(failures).toEqual([
      {
        property: "subscriptionId",
        reason:
          'is missing: a subscription id is a GUID; give it here, configure azure-native:subscriptionId or ARM_SUBSCRIPTION_ID, or sign in with "az login"',
      },
    ]);
  });

  test("is not asked of the CLI where another method signs in", async () => {
    await here.configure({ clientSecret: "a secret" });
    const given = { ...names(), __provider: "the shim" };
    await expect(here.engine.up(given)).rejects.toThrow("check failed on subscriptionId");
    expect(here.az.calls()).toEqual([]);
  });

  test("of a list is the CLI's, too", async () => {
    const surroundings = simulatedSurroundings(simulator);
    const environment = { ARM_METADATA_HOSTNAME: new URL(simulator.url).host };
    const listing = accountListing(new Connections({ ...surroundings, environment }), {});
    const found: string[] = [];
    for await (const { id } of listing.accounts) found.push(id);
    expect(found).toContain(here.accountId);
    expect(await listing.subscriptionId()).toBe(simulator.subscriptionId);
    expect(here.az.calls().filter((call) => call === SHOW)).toHaveLength(1);
  });
});

describe("what keeps the CLI from signing in", () => {
  test("not being installed is told as that", async () => {
    setProcessEnvironment({ PATH: "/nowhere" });
    expect(await here.failure({})).toBe(
      'could not sign in to Azure with the Azure CLI: the Azure CLI (az) is not on PATH. Next: install it and run "az login", or configure another way to sign in',
    );
  });

  test.each(["account show", "account get-access-token"])(
    "nobody being signed in is told as that, by %s",
    async (command) => {
      here.az.answer(command, "WARNING: new\nERROR: Please run 'az login' to setup account.\n");
      expect(await here.failure({})).toMatch(
        /nobody is signed in to the Azure CLI, or the sign-in has expired\. Next: run "az login"/,
      );
    },
  );

  test("what else it says is passed on", async () => {
    here.az.answer("account show", "WARNING: new\nERROR: The subscription doesn't exist.\n");
    expect(await here.failure({ subscriptionId: ANOTHER_SUBSCRIPTION })).toMatch(
      /with the Azure CLI: The subscription doesn't exist\. Next: compare "az account show"/,
    );
  });

  test.each([
    [{ id: "" }, /"az account show" answered without "id"/],
    [{ environmentName: 7 }, /answered without "environmentName"/],
  ])("an answer with %j is refused", async (changes, reason) => {
    here.az.answer("account show", accountShown(simulator, changes));
    expect(await here.failure({})).toMatch(reason);
  });

  test("a token that has another form is refused", async () => {
    here.az.answer("account get-access-token", { accessToken: simulator.accessToken() });
    expect(await here.failure({})).toMatch(/Unexpected response from Azure CLI/);
  });

  test("a subscription that a shell would read in another way is not passed on", async () => {
    expect(await here.failure({ subscriptionId: "$(id)" })).toMatch(
      /"\$\(id\)" has characters that are not passed to the Azure CLI/,
    );
    expect(await here.failure({ subscriptionId: "--help" })).toMatch(/"--help" has characters/);
    expect(here.az.calls()).toEqual([]);
  });

  test("a claims challenge is told with the command that answers it", async () => {
    expect(await here.rotate({})).toBe(1);
    simulator.revokeSessions();
    await expect(here.rotate({}, { version: 2 })).rejects.toThrow(
      /Azure asks for a fresh sign-in \(a claims challenge\).*Next: run "az login --claims-challenge \S+ --scope https:\/\/localhost:\d+\/\.default", then "pulumi up" again/,
    );
    expect(here.account.regenerations).toHaveLength(1);
  });

  test.each([
    [
      { tenantId: "tenant", clientId: "client" },
      /Only half configured: tenantId and clientId are configured without clientSecret, clientCertificatePath or useOidc: use .*ARM_CLIENT_SECRET.*ARM_CLIENT_CERTIFICATE_PATH.*ARM_USE_OIDC$/,
    ],
    [
      { oidcToken: "a token of another provider", tenantId: "tenant", clientId: "client" },
      /Only half configured: oidcToken is configured without useOidc: use "pulumi config set azure-native:useOidc true" or ARM_USE_OIDC$/,
    ],
    [{ oidcTokenFilePath: "a file" }, /oidcTokenFilePath is configured without useOidc/],
    [
      { clientCertificatePassword: "a password of a file" },
      /clientCertificatePassword is configured without clientCertificatePath: use .*PATH$/,
    ],
  ])("%j is told as half configured", async (settings, hint) => {
    setProcessEnvironment({ PATH: "/nowhere" });
    here.secrets.push("a token of another provider", "a password of a file");
    expect(await here.failure(settings)).toMatch(hint);
  });
});

describe("the cloud of the CLI", () => {
  const NO_METADATA_HOST = { metadataHost: "" };

  /** As `az cloud show` describes the simulator. */
  function cloudShown(changes: object = {}) {
    const { url } = simulator;
    const endpoints = {
      activeDirectory: `${url}/`,
      activeDirectoryResourceId: `${url}/`,
      resourceManager: `${url}/`,
    };
    return { name: "Simulator", endpoints: { ...endpoints, ...changes } };
  }

  test("has to be the one that is configured", async () => {
    here.az.answer("account show", accountShown(simulator, { environmentName: "AzureCloud" }));
    expect(await here.failure({})).toMatch(
      /it is signed in to cloud AzureCloud, and the configured cloud is Simulator\. Next: run "az cloud set --name Simulator" and "az login", or change environment or metadataHost$/,
    );
    const environment = "china";
    expect(await here.failure({ ...NO_METADATA_HOST, environment })).toMatch(
      /cloud AzureCloud, and the configured cloud is AzureChinaCloud\. Next: run "az cloud set --name AzureChinaCloud"/,
    );
  });

  test("is taken where none is configured, also one that a user has registered", async () => {
    here.az.answer("cloud show", cloudShown());
    expect(await here.rotate(NO_METADATA_HOST)).toBe(1);
    expect(here.az.calls()).toContain("cloud show --name Simulator -o json");
  });

  test.each([
    ["resourceManager", "http://localhost", /its "resourceManager" is not a plain https URL/],
    ["activeDirectory", null, /its answer has no "activeDirectory"/],
    ["activeDirectoryResourceId", "", /its answer has no "activeDirectoryResourceId"/],
  ])("with %s %p is refused", async (endpoint, value, reason) => {
    here.az.answer("cloud show", cloudShown({ [endpoint]: value }));
    const failure = await here.failure(NO_METADATA_HOST);
    expect(failure).toMatch(/"az cloud show" does not say enough of cloud Simulator: /);
    expect(failure).toMatch(reason);
  });

  test("of a name that a shell would read in another way is refused", async () => {
    here.az.answer("account show", accountShown(simulator, { environmentName: "a;b" }));
    expect(await here.failure(NO_METADATA_HOST)).toMatch(/"a;b" has characters/);
  });
});
