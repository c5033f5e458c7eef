import { chmodSync } from "node:fs";
import { join } from "node:path";
import { accountListing } from "../../provider/azure/accountListing";
import { cloudByName } from "../../provider/azure/clouds";
import { readConfiguration } from "../../provider/azure/configuration";
import { Connections } from "../../provider/azure/connections";
import { AzureCli } from "../../provider/azure/signIn/azureCli";
import { createCredential, SIGN_IN_TIMEOUT } from "../../provider/azure/signIn/credential";
import { setProcessEnvironment } from "../support/processEnvironment";
import { inSignInWorld } from "../support/signInWorld";
import { simulatedDependencies } from "../support/simulatedWorld";
import { accountShown, interactionNeeded } from "../support/standInAz";
import { StatefulEngine } from "../support/statefulEngine";

const ANOTHER_SUBSCRIPTION = "12345678-1234-1234-1234-123456789012";
const SHOW = "account show -o json";

const here = inSignInWorld();

function names() {
  return { resourceGroupName: "group", accountName: here.accountId.split("/").at(-1) };
}

describe("the subscription", () => {
  test("of accounts that are named without one is the CLI's, which is asked once", async () => {
    const lifecycle = here.newProcess();
    const [one, another] = [new StatefulEngine(lifecycle), new StatefulEngine(lifecycle)];
    await Promise.all([one.up(names()), another.up(names())]);
    expect(one.state?.id).toBe(here.accountId);
    const calls = here.az.calls().filter((call) => call.startsWith("account show"));
    expect(calls).toEqual([SHOW]);
  });

  test("that is configured is the one, and the CLI is asked about it", async () => {
    const { subscriptionId } = here.simulator;
    await here.rotate({ subscriptionId }, { accountId: undefined, ...names() });
    expect(here.engine.state?.id).toBe(here.accountId);
    const [show, token] = here.az.calls();
    expect(show).toBe(`${SHOW} --subscription ${subscriptionId}`);
    expect(token).not.toContain("--subscription");
  });

  test("is named to the CLI when it signs in, if it is not the CLI's own", async () => {
    const { subscriptionId } = here.simulator;
    here.az.answer("account show", accountShown(here.simulator, { isDefault: false }));
    expect(await here.rotate({ subscriptionId })).toBe(1);
    expect(here.az.calls().at(-1)).toContain(`--subscription ${subscriptionId}`);
  });

  test("stays that of the state, whatever the CLI's own is by then", async () => {
    await here.rotate({}, { accountId: undefined, ...names() });
    here.az.answer("account show", accountShown(here.simulator, { id: ANOTHER_SUBSCRIPTION }));
    const engine = new StatefulEngine(here.newProcess());
    engine.state = here.engine.state;
    const accountName = names().accountName?.toUpperCase();
    await engine.up({ resourceGroupName: "GROUP", accountName, version: 2 });
    expect(engine.state?.inputs["subscriptionId"]).toBe(here.simulator.subscriptionId);
    expect(here.account.regenerations).toHaveLength(2);
  });

  test("is the CLI's for an account of another name", async () => {
    await here.rotate({}, { accountId: undefined, ...names() });
    here.az.answer("account show", accountShown(here.simulator, { id: ANOTHER_SUBSCRIPTION }));
    const old = here.engine.state?.inputs ?? {};
    const given = { resourceGroupName: "group", accountName: "another" };
    const { inputs } = await here.newProcess().check(old, given);
    expect(inputs).toMatchObject({ subscriptionId: ANOTHER_SUBSCRIPTION, generation: 1 });
  });

  test("of nobody fails check on that property, which says how to give it", async () => {
    here.az.answer("account show", "ERROR: Please run 'az login' to setup account.");
    const { failures } = await here.newProcess().check({}, names());
    expect(failures).toEqual([
      {
        property: "subscriptionId",
        reason:
          'is missing: a subscription id is a GUID; give it here, configure azure-native:subscriptionId or ARM_SUBSCRIPTION_ID, or sign in with "az login" (could not sign in to Azure with the Azure CLI: nobody is signed in to the Azure CLI, or the sign-in has expired. Next: run "az login", or configure another way to sign in)',
      },
    ]);
  });

  test("of nobody is told with what is half configured", async () => {
    setProcessEnvironment({ PATH: "/nowhere" });
    const lifecycle = here.newProcess();
    const config = new Map([["azure-native:oidcTokenFilePath", "a file"]]);
    await lifecycle.configure({ config });
    const { failures } = await lifecycle.check({}, names());
    expect(failures[0]?.reason).toMatch(
      /^is missing: .*the Azure CLI \(az\) is not on PATH\. .*Only half configured: oidcTokenFilePath is configured without useOidc/,
    );
  });

  test("is not asked of the CLI where another method signs in", async () => {
    await here.configure({ clientSecret: "a secret" });
    const given = names();
    await expect(here.engine.up(given)).rejects.toThrow("check failed on subscriptionId");
    expect(here.az.calls()).toEqual([]);
  });

  test("of a list that nobody names is told with why the CLI does not", async () => {
    setProcessEnvironment({ PATH: "/nowhere" });
    const dependencies = simulatedDependencies(here.simulator);
    const listing = accountListing(new Connections({ ...dependencies, environment: {} }), {});
    await expect(listing.subscriptionId()).rejects.toThrow(
      /^could not list Batch accounts: subscriptionId is missing: .*\(could not sign in to Azure with the Azure CLI: the Azure CLI \(az\) is not on PATH\. Next: install it/,
    );
  });

  test("of a list is the CLI's, too", async () => {
    const dependencies = simulatedDependencies(here.simulator);
    const environment = { ARM_METADATA_HOSTNAME: new URL(here.simulator.url).host };
    const listing = accountListing(new Connections({ ...dependencies, environment }), {});
    const found: string[] = [];
    for await (const { id } of listing.accounts) found.push(id);
    expect(found).toContain(here.accountId);
    expect(await listing.subscriptionId()).toBe(here.simulator.subscriptionId);
    expect(here.az.calls().filter((call) => call === SHOW)).toHaveLength(1);
  });
});

describe("what keeps the CLI from signing in", () => {
  test("nobody being signed in is told as that when a token is asked for, too", async () => {
    const said = "WARNING: new\nERROR: Please run 'az login' to setup account.\n";
    here.az.answer("account get-access-token", said);
    expect(await here.failure({})).toMatch(
      /nobody is signed in to the Azure CLI, or the sign-in has expired\. Next: run "az login"/,
    );
  });

  test.each([
    "WARNING: new\nERROR: The profile is broken.\nTry again.\n",
    "\u001b[33mWARNING: new\u001b[0m\n\u001b[91mERROR: The profile is broken.\u001b[0m\n",
    "Traceback:\n  at some line\nThe profile is broken.\n",
  ])("what else it says is passed on in one line: %j", async (said) => {
    here.az.answer("account show", said);
    expect(await here.failure({ subscriptionId: ANOTHER_SUBSCRIPTION })).toMatch(
      /with the Azure CLI: The profile is broken\. Next: compare "az account show"/,
    );
  });

  test.each([
    "ERROR: The subscription of 'x' doesn't exist in cloud 'AzureCloud'.\n",
    "WARNING: Subscription 'x' not recognized.\nERROR: Subscription 'x' not found.\n",
  ])(
    "a subscription that it does not know is told with the sign-in that helps: %j",
    async (said) => {
      here.az.answer("account show", said);
      const settings = { subscriptionId: ANOTHER_SUBSCRIPTION };
      const advice =
        'Next: sign in to the subscription\'s tenant with "az login --tenant <tenant id>", and compare "az account list" with the configured subscriptionId';
      expect(await here.failure(settings)).toContain(advice);
      expect(await here.failure({ ...settings, tenantId: "contoso.example" })).toContain(
        advice.replace("<tenant id>", "contoso.example"),
      );
    },
  );

  test.each(["50076", "50079", "53003", "700082"])(
    "AADSTS%s is passed on, with the command that it proposes",
    async (code) => {
      here.az.answer("account get-access-token", interactionNeeded(`AADSTS${code}`));
      expect(await here.failure({})).toMatch(
        new RegExp(
          `with the Azure CLI: AADSTS${code}: Due to .* to access '797f\\S+'\\. Next: run "az login --tenant … --scope …", then "pulumi up" again$`,
        ),
      );
    },
  );

  test.each([
    [
      "az login --scope https://x.example//.default",
      "az login --scope https://x.example//.default",
    ],
    ["\u001b[1maz login\u001b[0m", "az login --tenant contoso.example"],
  ])("a sign-in that has expired is told as Entra ID does, and with %j", async (proposed, told) => {
    const error = "AADSTS700082: The refresh token has expired due to inactivity.";
    here.az.answer(
      "account get-access-token",
      `ERROR: ${error} Trace ID: 1\nInteractive authentication is needed. Please run:\n${proposed}\n`,
    );
    const failure = await here.failure({ tenantId: "contoso.example" });
    expect(failure).toContain(
      `with the Azure CLI: ${error.slice(0, -1)}. Next: run "${told}", then "pulumi up" again`,
    );
  });

  test("nobody being signed in is told with the tenant that is configured", async () => {
    here.az.answer("account show", "ERROR: Please run 'az login' to setup account.\n");
    expect(await here.failure({ tenantId: "contoso.example" })).toContain(
      'Next: run "az login --tenant contoso.example", or configure another way to sign in',
    );
    expect(await here.failure({ tenantId: 'a"; b' })).toContain('Next: run "az login", or');
  });

  test.each([
    ["the same tenant", () => here.simulator.tenantId.toUpperCase()],
    ["a domain, which may be the tenant's,", () => "contoso.example"],
  ])("%s is not told as another tenant", async (_, tenantId) => {
    const fault = { kind: "Error", status: 401, code: "InvalidAuthenticationToken" } as const;
    const refusal = here.simulator.inject({ operation: "get", times: Infinity, fault });
    const failure = await here.failure({ tenantId: tenantId() });
    refusal.remove();
    expect(failure).toMatch(/401 InvalidAuthenticationToken.*sign in again$/);
  });

  test.each(["account show", "account get-access-token"])(
    "%s that hangs is given up before signing in is",
    async (command) => {
      here.az.answer(command, { runs: "setInterval(() => undefined, 1_000)" });
      const configuration = readConfiguration(() => undefined, "azure-native", {});
      const method = { kind: "AzureCli" } as const;
      const credential = createCredential({
        signIn: { method, configuration, namespace: "azure-native" },
        cloud: cloudByName("public"),
        cli: new AzureCli(1_000),
        http: { send: () => Promise.reject(new Error("nothing is sent")) },
        firstDelay: 1,
        tls: undefined,
      });
      const token = credential.then((made) => made.getToken("https://arm/.default"));
      await expect(token).rejects.toThrow(
        /the Azure CLI gave no answer within 1 seconds\. Next: run "az account show" by hand to see what it waits for$/,
      );
      expect(new AzureCli().timeout).toBeLessThan(SIGN_IN_TIMEOUT);
    },
  );

  test.each([
    ["what is not JSON", 'process.stdout.write("OPAQUE-TOKEN")', /did not answer with JSON/],
    [
      "more than can be",
      'process.stdout.write("OPAQUE-TOKEN".repeat(1e6))',
      /"az account show -o json" answered with more text than an account needs\. Next: update the Azure CLI/,
    ],
    [
      "nothing, and fails",
      "process.exitCode = 7",
      /the Azure CLI failed and said nothing\. Next: run/,
    ],
  ])("an answer of %s is told without it", async (_, runs, reason) => {
    here.secrets.push("OPAQUE");
    here.az.answer("account show", { runs });
    expect(await here.failure({})).toMatch(reason);
  });

  test("a token that is not JSON is not quoted", async () => {
    here.secrets.push("OPAQUE");
    here.az.answer("account get-access-token", { runs: 'process.stdout.write("OPAQUE-TOKEN")' });
    expect(await here.failure({})).toMatch(/did not answer with JSON\. Next: update/);
  });

  test("a program of its name that cannot be run is told as that", async () => {
    chmodSync(join(here.az.path, "az"), 0o644);
    expect(await here.failure({})).toMatch(/\(az\) on PATH cannot be run \(EACCES\)\. Next: check/);
  });

  test.each([
    [{ id: "" }, /"az account show" answered without "id"/],
    [{ environmentName: 7 }, /answered without "environmentName"/],
  ])("an answer with %j is refused", async (changes, reason) => {
    here.az.answer("account show", accountShown(here.simulator, changes));
    expect(await here.failure({})).toMatch(reason);
  });

  test.each<[string, () => object]>([
    ["without the time that it expires", () => ({ accessToken: here.simulator.accessToken() })],
    ["with a time that is none", () => ({ accessToken: "opaque", expiresOn: "soon" })],
    ["that is empty", () => ({ accessToken: "", expires_on: 2e9 })],
    ["that is not there", () => ({ expires_on: 2e9 })],
  ])("a token %s is refused", async (_, token) => {
    here.az.answer("account get-access-token", token());
    expect(await here.failure({})).toMatch(/did not answer with a token/);
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
    here.simulator.revokeSessions();
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

describe("a token", () => {
  const RESOURCE = "https://management.azure.com";

  test("is asked for with the resource, and a subscription where one is named", async () => {
    const cli = new AzureCli();
    await cli.token(RESOURCE, "");
    await cli.token(RESOURCE, "My subscription");
    expect(here.az.calls()).toEqual([
      `account get-access-token -o json --resource ${RESOURCE}`,
      `account get-access-token -o json --resource ${RESOURCE} --subscription My subscription`,
    ]);
  });

  test.each([
    ["in seconds", { expires_on: 2_000_000_000, expiresOn: "2000-01-01 00:00:00.000000" }],
    ["in seconds, as a text", { expires_on: "2000000000" }],
    ["by an older CLI, in the machine's time", { expiresOn: localTime(2e12) }],
  ])("expires when the CLI says, %s", async (_, expiry) => {
    here.az.answer("account get-access-token", { accessToken: "opaque", ...expiry });
    const token = await new AzureCli().token(RESOURCE, "");
    expect(token).toEqual({ token: "opaque", expiresOnTimestamp: 2e12 });
  });

  test.each(["--help", 'https://x" & calc', "https://x/%PATH%"])(
    "for %j is not asked for: a shell would read it in another way",
    async (resource) => {
      await expect(new AzureCli().token(resource, "")).rejects.toThrow(/has characters/);
      expect(here.az.calls()).toEqual([]);
    },
  );
});

/** As Python writes a time of the machine's zone. */
function localTime(milliseconds: number): string {
  const minutes = new Date(milliseconds).getTimezoneOffset();
  const local = new Date(milliseconds - minutes * 60_000).toISOString();
  return local.replace("T", " ").replace("Z", "000");
}

describe("what stands around the CLI's JSON does not matter:", () => {
  test.each([
    ["a byte order mark", (json: string) => `\uFEFF${json}\r\n`],
    ["colours", (json: string) => `\u001b[32m${json}\u001b[0m\n`],
    ["lines of an extension", (json: string) => `A new {version} is there.\n${json}\nBye.\n`],
    [
      "all of it, around lines",
      (json: string) =>
        `\uFEFF\u001b[33mWARNING: x\u001b[0m\n${JSON.stringify(JSON.parse(json), null, 2)}\nBye.`,
    ],
  ])("%s", async (_, decorate) => {
    const { url, subscriptionId } = here.simulator;
    const endpoints = {
      activeDirectory: url,
      activeDirectoryResourceId: url,
      resourceManager: url,
    };
    const token = { accessToken: here.simulator.accessToken(), expires_on: 2e9 };
    const print = (command: string, answer: object) => {
      const text = JSON.stringify(decorate(JSON.stringify(answer)));
      here.az.answer(command, { runs: `process.stdout.write(${text})` });
    };
    print("account show", accountShown(here.simulator, { isDefault: false }));
    print("account get-access-token", token);
    print("cloud show", { endpoints });
    expect(await here.rotate({ metadataHost: "", subscriptionId })).toBe(1);
    expect(here.az.calls()).toHaveLength(3);
  });
});

describe("the cloud of the CLI", () => {
  const NO_METADATA_HOST = { metadataHost: "" };

  /** As `az cloud show` describes the here.simulator. */
  function cloudShown(changes: object = {}) {
    const { url } = here.simulator;
    const endpoints = {
      activeDirectory: `${url}/`,
      activeDirectoryResourceId: `${url}/`,
      resourceManager: `${url}/`,
    };
    return { name: "Simulator", endpoints: { ...endpoints, ...changes } };
  }

  test("has to be the one that is configured", async () => {
    here.az.answer("account show", accountShown(here.simulator, { environmentName: "AzureCloud" }));
    expect(await here.failure({})).toMatch(
      /it is signed in to cloud AzureCloud, but the configured cloud is Simulator\. Next: run "az cloud set --name Simulator" and "az login", or change environment or metadataHost$/,
    );
  });

  test("is taken where none is configured, also one that a user has registered", async () => {
    here.az.answer("cloud show", cloudShown());
    expect(await here.rotate(NO_METADATA_HOST)).toBe(1);
    expect(here.az.calls()).toContain("cloud show --name Simulator -o json");
  });

  test.each([
    ["resourceManager", "http://localhost", /"resourceManager" is not a plain https URL/],
    ["activeDirectory", null, /"activeDirectory" is missing/],
    ["activeDirectoryResourceId", "", /"activeDirectoryResourceId" is missing/],
  ])("with %s %p is refused", async (endpoint, value, reason) => {
    here.az.answer("cloud show", cloudShown({ [endpoint]: value }));
    const failure = await here.failure(NO_METADATA_HOST);
    expect(failure).toMatch(/"az cloud show" does not describe cloud Simulator in full: /);
    expect(failure).toMatch(reason);
  });

  test("of a name that a shell would read in another way is refused", async () => {
    here.az.answer("account show", accountShown(here.simulator, { environmentName: "a;b" }));
    expect(await here.failure(NO_METADATA_HOST)).toMatch(/"a;b" has characters/);
  });
});
