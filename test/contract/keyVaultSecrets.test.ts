import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";
import type { Fault, SimulatedVault, Simulator, SimulatorOptions } from "../../simulator";
import {
  closeSimulators,
  credential,
  type PlainRequest,
  type PlainResponse,
  send,
  simulate,
} from "./simulatorAndClients";

let simulator: Simulator;
let vault: SimulatedVault;
let client: SecretClient;

beforeEach(async () => {
  await start();
});

afterEach(closeSimulators);

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await simulate(options);
  vault = simulator.createVault({ name: "Vault", resourceGroupName: "rg" });
  client = secretClient();
}

/** @azure/keyvault-secrets' client, unmodified, without retries. */
function secretClient(options: SecretClientOptions = {}): SecretClient {
  return new SecretClient(vault.uri, credential(simulator), {
    // A vault of Azure's lies under the host for which its tokens are.
    disableChallengeResourceVerification: true,
    tlsOptions: { ca: simulator.certificateAuthority },
    retryOptions: { maxRetries: 0 },
    ...options,
  });
}

/** A request to the vault without a client library, with a token of this audience. */
function request(
  path: string,
  { token = simulator.accessToken(simulator.keyVaultAudience), ...options }: SignedRequest = {},
): Promise<PlainResponse> {
  const url = new URL(path, vault.uri);
  url.searchParams.append("api-version", "7.6");
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  return send(simulator, url.href, { ...options, headers });
}

interface SignedRequest extends PlainRequest {
  readonly token?: string;
}

function refusal(status: number, code: string, message: RegExp, innerCode?: string) {
  return {
    status,
    body: {
      error: {
        code,
        message: expect.stringMatching(message) as string,
        ...(innerCode !== undefined && { innererror: { code: innerCode } }),
      },
    },
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe("Microsoft's @azure/keyvault-secrets", () => {
  test("sets a secret, which makes a version each time, and gets any version", async () => {
    const expiresOn = new Date("2030-01-01T00:00:00Z");
    const notBefore = new Date("2020-01-01T00:00:00Z");
    const first = await client.setSecret("key", "one", {
      contentType: "text/plain",
      expiresOn,
      notBefore,
      tags: { CredentialId: "Primary" },
    });
    const second = await client.setSecret("KEY", "");
    const { version = "" } = first.properties;

    expect(first).toMatchObject({
      name: "key",
      value: "one",
      properties: {
        id: `${vault.uri}secrets/key/${version}`,
        vaultUrl: vault.uri.slice(0, -1),
        contentType: "text/plain",
        enabled: true,
        expiresOn,
        notBefore,
        tags: { CredentialId: "Primary" },
        recoveryLevel: "Recoverable+Purgeable",
        recoverableDays: 90,
      },
    });
    expect(await client.getSecret("key", { version })).toEqual(first);
    expect(await client.getSecret("key")).toEqual(second);
    expect(vault.secretVersions("key")).toMatchObject([
      { version, value: "one", contentType: "text/plain", tags: { CredentialId: "Primary" } },
      { version: second.properties.version, value: "", contentType: undefined, tags: undefined },
    ]);
    expect(vault.secretVersions("key")[0]?.attributes).toMatchObject({
      enabled: true,
      exp: expiresOn.getTime() / 1000,
    });
  });

  test("changes what is said of a version, and leaves the value", async () => {
    const { properties } = await client.setSecret("key", "one", { tags: { a: "b" } });
    await client.setSecret("key", "two");
    const { version = "" } = properties;
    const updated = await client.updateSecretProperties("key", version, {
      contentType: "text/plain",
      expiresOn: new Date("2030-01-01T00:00:00Z"),
    });
    expect(updated).toMatchObject({ version, contentType: "text/plain", tags: { a: "b" } });
    const retagged = await client.updateSecretProperties("key", version, { tags: { c: "d" } });
    expect(retagged).toMatchObject({ contentType: "text/plain", tags: { c: "d" } });
    expect(await client.getSecret("key", { version })).toMatchObject({
      value: "one",
      properties: { tags: { c: "d" }, expiresOn: new Date("2030-01-01T00:00:00Z") },
    });
  });

  test("changes the newest version, if it names none", async () => {
    await client.setSecret("key", "one");
    await client.setSecret("key", "two");
    await client.updateSecretProperties("key", "", { tags: { a: "b" } });
    expect(vault.secretVersions("key").map(({ tags }) => tags)).toEqual([undefined, { a: "b" }]);
  });

  test("is refused the value of a disabled version, until the version is enabled", async () => {
    const { properties } = await client.setSecret("key", "one");
    const { version = "" } = properties;
    await client.updateSecretProperties("key", version, { enabled: false });
    await expect(client.getSecret("key")).rejects.toMatchObject({
      statusCode: 403,
      code: "Forbidden",
    });
    expect(await request(`/secrets/key/${version}`)).toMatchObject(
      refusal(403, "Forbidden", /not allowed on a disabled secret/, "SecretDisabled"),
    );
    expect(vault.secretVersions("key")[0]?.attributes.enabled).toBe(false);

    await client.updateSecretProperties("key", version, { enabled: true });
    expect((await client.getSecret("key")).value).toBe("one");
  });

  test("sees what Resource Manager and the test write, and they see what it writes", async () => {
    vault.putSecret("key", "one", { tags: { by: "the test" } });
    expect(await client.getSecret("key")).toMatchObject({
      value: "one",
      properties: { tags: { by: "the test" } },
    });
    vault.updateSecret("key", { attributes: { enabled: false } });
    await expect(client.getSecret("key")).rejects.toMatchObject({ statusCode: 403 });
    await client.setSecret("key", "two");
    expect(vault.secretValue("key")).toBe("two");
  });

  test("lists secrets and versions across pages, without values", async () => {
    for (const name of ["one", "two", "three"]) await client.setSecret(name, `of ${name}`);
    for (const value of ["b", "c", "d", "e"]) await client.setSecret("one", value);
    await client.setSecret("two", "disabled", { enabled: false });

    const secrets = await collect(client.listPropertiesOfSecrets());
    expect(secrets.map(({ name, enabled }) => [name, enabled])).toEqual([
      ["one", true],
      ["two", false],
      ["three", true],
    ]);

    const pages = await collect(
      client.listPropertiesOfSecretVersions("one").byPage({ maxPageSize: 2 }),
    );
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    const listed = pages.flat().map(({ version }) => version);
    const made = vault.secretVersions("one").map(({ version }) => version);
    expect(new Set(listed)).toEqual(new Set(made));
    expect(await collect(client.listPropertiesOfSecretVersions("missing"))).toEqual([]);
  });

  test("is told what is not there", async () => {
    const notFound = { statusCode: 404, code: "SecretNotFound" };
    await client.setSecret("key", "value");
    await expect(client.getSecret("missing")).rejects.toMatchObject(notFound);
    await expect(client.getSecret("key", { version: "0" })).rejects.toMatchObject(notFound);
    await expect(client.updateSecretProperties("missing", "0")).rejects.toMatchObject(notFound);
    await expect(client.beginDeleteSecret("missing")).rejects.toMatchObject(notFound);
    await expect(client.getDeletedSecret("key")).rejects.toMatchObject(notFound);
    await expect(client.beginRecoverDeletedSecret("missing")).rejects.toMatchObject(notFound);
    await expect(client.purgeDeletedSecret("key")).rejects.toMatchObject(notFound);
  });

  test.each(["with_underscore", "with.dot", "é", "s".repeat(128)])(
    "cannot name a secret %s",
    async (name) => {
      await expect(client.setSecret(name, "value")).rejects.toMatchObject({
        statusCode: 400,
        code: "BadParameter",
      });
    },
  );

  test.each(["7.4", "7.5", "7.6", "2025-07-01"] as const)(
    "may speak version %s",
    async (serviceVersion) => {
      const older = secretClient({ serviceVersion });
      await older.setSecret("key", "value");
      expect((await older.getSecret("key")).value).toBe("value");
    },
  );
});

describe("a deleted secret", () => {
  const quickly = { intervalInMs: 1 };

  test("is gone, and comes back with its versions", async () => {
    await client.setSecret("key", "one");
    await client.setSecret("key", "two");
    const poller = await client.beginDeleteSecret("key", quickly);
    const deleted = await poller.pollUntilDone();
    expect(deleted).toMatchObject({
      name: "key",
      properties: { recoveryId: `${vault.uri}deletedsecrets/key` },
    });
    expect(deleted.value).toBeUndefined();
    const { deletedOn, scheduledPurgeDate } = deleted;
    expect((scheduledPurgeDate?.getTime() ?? 0) - (deletedOn?.getTime() ?? 0)).toBe(
      90 * 24 * 60 * 60 * 1000,
    );
    expect(vault.secretState("key")).toBe("Deleted");
    expect(vault.secretValue("key")).toBeUndefined();
    await expect(client.getSecret("key")).rejects.toMatchObject({ statusCode: 404 });
    expect(await collect(client.listPropertiesOfSecrets())).toEqual([]);
    expect(await collect(client.listDeletedSecrets())).toMatchObject([{ name: "key" }]);

    const recovery = await client.beginRecoverDeletedSecret("key", quickly);
    await recovery.pollUntilDone();
    expect((await client.getSecret("key")).value).toBe("two");
    expect(vault.secretVersions("key").map(({ value }) => value)).toEqual(["one", "two"]);
    expect(vault.secretState("key")).toBe("Active");
  });

  test("keeps its name until it is purged", async () => {
    await client.setSecret("key", "one");
    await client.beginDeleteSecret("key", quickly);
    await expect(client.setSecret("key", "two")).rejects.toMatchObject({
      statusCode: 409,
      code: "Conflict",
    });
    const put = { method: "PUT", body: JSON.stringify({ value: "two" }) };
    expect(await request("/secrets/key", put)).toMatchObject(
      refusal(409, "Conflict", /deleted but recoverable/, "ObjectIsDeletedButRecoverable"),
    );

    await client.purgeDeletedSecret("key");
    expect(vault.secretState("key")).toBeUndefined();
    await client.setSecret("key", "two");
    expect(vault.secretVersions("key").map(({ value }) => value)).toEqual(["two"]);
  });

  test("takes its time to be deleted and to be recovered", async () => {
    let now = Date.now();
    await start({ now: () => now, secretDeletionMs: 5_000 });
    const put = { method: "PUT", body: JSON.stringify({ value: "two" }) };
    await client.setSecret("key", "one");

    const deletion = await client.beginDeleteSecret("key", quickly);
    expect(deletion.isDone()).toBe(false);
    expect(vault.secretState("key")).toBe("Deleting");
    expect(await request("/secrets/key", put)).toMatchObject(
      refusal(409, "Conflict", /being deleted/, "ObjectIsBeingDeleted"),
    );
    now += 5_000;
    await deletion.pollUntilDone();

    const recovery = await client.beginRecoverDeletedSecret("key", quickly);
    expect(recovery.isDone()).toBe(false);
    expect(vault.secretState("key")).toBe("Recovering");
    expect(await request("/secrets/key")).toMatchObject({ status: 404 });
    expect(await request("/secrets/key", put)).toMatchObject(
      refusal(409, "Conflict", /being recovered/, "ObjectIsBeingRecovered"),
    );
    now += 5_000;
    await recovery.pollUntilDone();
    expect((await client.getSecret("key")).value).toBe("one");
  });

  test("is purged at the end of the vault's retention", async () => {
    let now = Date.now();
    await start({ now: () => now });
    vault.update({ properties: { softDeleteRetentionInDays: 7 } });
    const { properties } = await client.setSecret("key", "one");
    expect(properties).toMatchObject({
      recoveryLevel: "CustomizedRecoverable+Purgeable",
      recoverableDays: 7,
    });
    vault.deleteSecret("key");
    now += 7 * 24 * 60 * 60 * 1000;
    client = secretClient();
    await expect(client.getDeletedSecret("key")).rejects.toMatchObject({ statusCode: 404 });
    await client.setSecret("key", "two");
  });

  test("is not purged under purge protection", async () => {
    vault.update({ properties: { enablePurgeProtection: true } });
    const { properties } = await client.setSecret("key", "one");
    expect(properties.recoveryLevel).toBe("Recoverable");
    vault.deleteSecret("key");
    await expect(client.purgeDeletedSecret("key")).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining("purge protection is enabled") as string,
    });
    vault.recoverSecret("key");
    expect((await client.getSecret("key")).value).toBe("one");
    vault.deleteSecret("key");
    vault.purgeSecret("key");
    expect(vault.secretState("key")).toBeUndefined();
  });
});

describe("the authentication challenge", () => {
  test("tells a client the authority and the resource", async () => {
    await client.setSecret("key", "value");
    await client.getSecret("key");
    expect(
      simulator.requests
        .filter(({ operation }) => operation !== "openIdConfiguration")
        .map(({ operation, status }) => `${operation} ${String(status)}`),
    ).toEqual(["vaultChallenge 401", "token 200", "setVaultSecret 200", "getVaultSecret 200"]);

    const url = `${vault.uri}secrets/key?api-version=7.6`;
    const response = await send(simulator, url);
    expect(response).toMatchObject(
      refusal(401, "Unauthorized", /^AKV10000: Request is missing a Bearer or PoP token\.$/),
    );
    expect(response.headers["www-authenticate"]).toBe(
      `Bearer authorization="${simulator.url}/${simulator.tenantId}", resource="https://localhost"`,
    );
  });

  test("is for a resource that the vault's host is not under, so its client has to be told", async () => {
    const verifying = secretClient({ disableChallengeResourceVerification: false });
    await expect(verifying.getSecret("key")).rejects.toThrow(/does not match the requested domain/);
  });

  test.each<[string, RegExp, () => string]>([
    ["for Resource Manager", /^AKV10022: Invalid audience/, () => simulator.accessToken()],
    ["that nobody has issued", /^AKV10046/, () => "e30.e30.AAAA"],
  ])("comes back for a token %s", async (_, message, token) => {
    const response = await request("/secrets/key", { token: token() });
    expect(response).toMatchObject(refusal(401, "Unauthorized", message));
    expect(response.headers["www-authenticate"]).toContain(simulator.keyVaultAudience);
  });

  test("comes back for a token that has expired", async () => {
    let now = Date.now();
    await start({ now: () => now });
    const token = simulator.accessToken(simulator.keyVaultAudience);
    expect(await request("/secrets", { token })).toMatchObject({ status: 200 });
    now += 3_600_000;
    expect(await request("/secrets", { token })).toMatchObject(
      refusal(401, "Unauthorized", /TokenExpired/),
    );
  });

  test("names the vault's tenant, where the token is of another", async () => {
    const tenantId = "00000000-0000-0000-0000-000000000001";
    vault.update({ properties: { tenantId } });
    const response = await request("/secrets/key");
    expect(response).toMatchObject(refusal(401, "Unauthorized", /^AKV10032: Invalid issuer/));
    expect(response.headers["www-authenticate"]).toContain(tenantId);
    await expect(client.getSecret("key")).rejects.toThrow(/not configured to acquire tokens for/);
  });

  test("carries claims after a revocation of sessions, which the client sends on", async () => {
    await client.setSecret("key", "value");
    simulator.revokeSessions();
    expect((await client.getSecret("key")).value).toBe("value");
  });

  test("asks for Azure's own audience in a cloud that tells no suffix", async () => {
    await start({ keyVaultDns: null });
    expect(simulator.keyVaultAudience).toBe("https://vault.azure.net");
    await client.setSecret("key", "value");
    expect(await metadataSuffixes()).not.toHaveProperty("keyVaultDns");
  });

  test("asks for the audience of the suffix that the cloud tells", async () => {
    expect(await metadataSuffixes()).toMatchObject({ keyVaultDns: "localhost" });
    await start({ keyVaultDns: "vault.example" });
    expect(simulator.keyVaultAudience).toBe("https://vault.example");
    expect(await metadataSuffixes()).toMatchObject({ keyVaultDns: "vault.example" });
    await client.setSecret("key", "value");
  });

  async function metadataSuffixes(): Promise<unknown> {
    const { body } = await send(simulator, "/metadata/endpoints?api-version=2022-09-01");
    return (body as { suffixes: unknown }).suffixes;
  }
});

test("Resource Manager takes no token for a vault", async () => {
  const headers = { Authorization: `Bearer ${simulator.accessToken(simulator.keyVaultAudience)}` };
  const path = "/subscriptions?api-version=2022-12-01";
  expect(await send(simulator, path, { headers })).toMatchObject({
    status: 401,
    body: { error: { code: "InvalidAuthenticationTokenAudience" } },
  });
});

describe("a vault refuses", () => {
  const actions = "Microsoft.KeyVault/vaults/secrets";

  beforeEach(() => {
    vault.putSecret("key", "value");
  });

  test.each<[string, string, string]>([
    ["PUT", "/secrets/key", "setSecret/action"],
    ["GET", "/secrets/key", "getSecret/action"],
    ["PATCH", "/secrets/key", "update/action"],
    ["GET", "/secrets/key/versions", "readMetadata/action"],
    ["GET", "/secrets", "readMetadata/action"],
    ["DELETE", "/secrets/key", "delete"],
    ["GET", "/deletedsecrets/key", "readMetadata/action"],
    ["GET", "/deletedsecrets", "readMetadata/action"],
    ["POST", "/deletedsecrets/key/recover", "recover/action"],
    ["DELETE", "/deletedsecrets/key", "purge/action"],
  ])("%s %s to who lacks %s", async (method, path, action) => {
    vault.deniedActions.add(`${actions}/${action}`);
    const body = ["PUT", "PATCH"].includes(method) ? { body: '{"value":"other"}' } : {};
    const denied = await request(path, { method, ...body });
    const names = new RegExp(`appid=${simulator.clientId};.*Action: '${actions}/${action}'`, "s");
    expect(denied).toMatchObject(refusal(403, "Forbidden", names, "ForbiddenByRbac"));
    expect(vault.secretValue("key")).toBe("value");
  });

  test("everything to who has no role, until the role is granted", async () => {
    vault.deniedActions.add(`${actions}/*`);
    await expect(client.getSecret("key")).rejects.toMatchObject({ statusCode: 403 });
    vault.deniedActions.clear();
    expect((await client.getSecret("key")).value).toBe("value");
  });

  test("clients that its firewall does not name", async () => {
    vault.update({ properties: { networkAcls: { defaultAction: "Deny" } } });
    expect(await request("/secrets/key")).toMatchObject(
      refusal(403, "Forbidden", /Client address is not authorized/, "ForbiddenByFirewall"),
    );
    const ipRules = [{ value: "127.0.0.1/32" }];
    vault.update({ properties: { networkAcls: { defaultAction: "Deny", ipRules } } });
    expect((await client.getSecret("key")).value).toBe("value");
  });

  test("everybody without public network access", async () => {
    vault.update({ properties: { publicNetworkAccess: "Disabled" } });
    expect(await request("/secrets/key")).toMatchObject(
      refusal(403, "Forbidden", /Public network access is disabled/, "ForbiddenByConnection"),
    );
  });

  test("more requests than its limit, with the seconds to wait", async () => {
    let now = Date.now();
    await start({ now: () => now });
    vault.putSecret("key", "value");
    vault.limitRequests({ capacity: 2, refillPerSecond: 0.5 });
    await client.getSecret("key");
    await client.getSecret("key");
    const throttled = await request("/secrets/key");
    expect(throttled).toMatchObject(refusal(429, "Throttled", /too many requests/));
    expect(throttled.headers["retry-after"]).toBe("2");
    now += 2_000;
    expect((await client.getSecret("key")).value).toBe("value");
    vault.limitRequests(undefined);
    expect(await request("/secrets/key")).toMatchObject({ status: 200 });
  });

  test.each<[string, string, PlainRequest]>([
    ["a body that is no JSON", "/secrets/key", { method: "PUT", body: "<html>" }],
    ["a value that is no text", "/secrets/key", { method: "PUT", body: '{"value":1}' }],
    ["pages that are too large", "/secrets?maxresults=26", {}],
    ["another API version", "/secrets?api-version=1.0", {}],
  ])("%s", async (_, path, options) => {
    expect(await request(path, options)).toMatchObject({ status: 400 });
  });
});

describe("a fault", () => {
  const set = () => client.setSecret("key", "value");

  test.each<[string, number, Fault]>([
    ["an error before it", 0, { kind: "Error", status: 503, code: "ServiceUnavailable" }],
    ["an error after it", 1, { kind: "Error", status: 500, code: "Oops", when: "AfterEffect" }],
    ["a drop before it", 0, { kind: "Drop", when: "BeforeEffect" }],
    ["a drop after it", 1, { kind: "Drop", when: "AfterEffect" }],
    ["a cut answer", 1, { kind: "CutBody", afterBytes: 10 }],
    ["a gateway's page", 0, { kind: "Body", body: "<html>", status: 502, when: "BeforeEffect" }],
  ])("of a set secret is %s, with %i versions made", async (_, versions, fault) => {
    const injected = simulator.inject({ operation: "setVaultSecret", fault });
    await expect(set()).rejects.toThrow();
    expect(vault.secretVersions("key")).toHaveLength(versions);
    expect(injected.hits).toBe(1);
    await set();
    expect(vault.secretVersions("key")).toHaveLength(versions + 1);
  });

  test("of a throttled vault has the form of the vault's errors", async () => {
    const headers = { "Retry-After": "7" };
    const fault = { kind: "Error", status: 429, code: "Throttled", headers } as const;
    simulator.inject({ operation: "getVaultSecret", fault });
    const response = await request("/secrets/key");
    expect(response).toMatchObject(refusal(429, "Throttled", /./));
    expect(response.headers).toMatchObject({
      "retry-after": "7",
      "x-ms-request-id": expect.any(String) as string,
    });
  });

  test("lets a set secret happen later", async () => {
    await set();
    const fault = simulator.inject({
      operation: "setVaultSecret",
      fault: { kind: "DelayedEffect" },
    });
    await expect(client.setSecret("key", "late")).rejects.toThrow();
    await client.setSecret("key", "between");
    fault.release();
    expect(vault.secretVersions("key").map(({ value }) => value)).toEqual([
      "value",
      "between",
      "late",
    ]);
  });

  test("befalls the vault that it names", async () => {
    const other = simulator.createVault({ name: "other" });
    simulator.inject({
      operation: "setVaultSecret",
      vaultId: other.id.toUpperCase(),
      times: Infinity,
      fault: { kind: "Drop", when: "BeforeEffect" },
    });
    await set();
    const toOther = new SecretClient(other.uri, credential(simulator), {
      disableChallengeResourceVerification: true,
      tlsOptions: { ca: simulator.certificateAuthority },
      retryOptions: { maxRetries: 0 },
    });
    await expect(toOther.setSecret("key", "value")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(other.secretNames).toEqual([]);
  });
});

test("requests are recorded with their vault, without values and tokens", async () => {
  await client.setSecret("key", "a value to be seen nowhere");
  await client.getSecret("key");
  expect(simulator.requests.at(-1)).toMatchObject({
    operation: "getVaultSecret",
    method: "GET",
    path: "/secrets/key/",
    vaultId: vault.id,
    accountId: undefined,
    status: 200,
  });
  expect(JSON.stringify(simulator.requests)).not.toMatch(/to be seen nowhere|Bearer ey/);
});

test("vaults share nothing, and one that is deleted is out of reach", async () => {
  const other = simulator.createVault({ name: "other", resourceGroupName: "rg" });
  other.putSecret("key", "of the other");
  expect(other.uri).not.toBe(vault.uri);
  await expect(client.getSecret("key")).rejects.toMatchObject({ statusCode: 404 });

  const token = simulator.accessToken();
  const path = `${vault.id}?api-version=2024-11-01`;
  const headers = { Authorization: `Bearer ${token}` };
  await send(simulator, path, { method: "DELETE", headers });
  await expect(request("/secrets")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(send(simulator, "/secrets")).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("more vaults at once than the simulator has ports for are a mistake of the test", async () => {
  const make = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) =>
      simulator.createVault({ name: `${prefix}${String(index)}` }),
    );
  expect(() => make(17, "vault")).toThrow(/await something/);
  await request("/secrets");
  expect(make(10, "further")).toHaveLength(10);
});
