import type { KeyVaultSecret } from "../../provider/azure/keyVault/keyVault";
import {
  failureOf,
  type KeyVaultWorld,
  keyVaultWorld,
  secretToWrite,
  VALUE,
} from "../support/keyVaultWorld";

let world: KeyVaultWorld;

beforeEach(async () => {
  world = await keyVaultWorld();
});
afterEach(() => world.simulator.close());

/** Has the vault answer every request that has no token with another challenge. */
function challengeWith(authority: string, resource: string): void {
  const challenge = `Bearer authorization="${authority}", resource="${resource}"`;
  world.simulator.inject({
    operation: "vaultChallenge",
    times: Infinity,
    fault: { kind: "Body", body: "", status: 401, headers: { "WWW-Authenticate": challenge } },
  });
}

function tokensAskedFor(): number {
  return world.simulator.requests.filter(({ operation }) => operation === "token").length;
}

describe("a vault that asks for another token", () => {
  test.each<[string, () => [string, string], RegExp]>([
    [
      "for another resource",
      () => [authority(), "https://management.azure.com"],
      /it asks for a token for "https:\/\/management.azure.com", not for https:\/\/localhost, and got none/,
    ],
    [
      "for its own host alone",
      () => [authority(), "https://evil.localhost"],
      /it asks for a token for "https:\/\/evil.localhost", not for https:\/\/localhost, and got none/,
    ],
    ["for no resource", () => [authority(), ""], /it asks for a token for "", not for/],
    [
      "from another authority",
      () => [`https://login.evil.example/${world.simulator.tenantId}`, audience()],
      /it asks for a token from "https:\/\/login.evil.example\/.*", which does not sign in to cloud/,
    ],
    [
      "from no authority",
      () => [world.simulator.tenantId, audience()],
      /it asks for a token from ".*", which does not sign in to cloud Simulator, and got none/,
    ],
  ])("%s gets none, nor is one asked for", async (_, challenge, message) => {
    challengeWith(...challenge());
    const requests = await world.requestsOf(async () => {
      expect(await failureOf(world.secret.write(secretToWrite()))).toMatch(message);
    });
    expect(requests).toEqual(["vaultChallenge"]);
    expect(tokensAskedFor()).toBe(0);
  });

  test("of another tenant gets none", async () => {
    const other = "00000000-0000-0000-0000-000000000001";
    challengeWith(`${world.simulator.url}/${other}`, audience());
    const requests = await world.requestsOf(async () => {
      const failure = await failureOf(world.secret.write(secretToWrite()));
      expect(failure).toContain(`a token of tenant ${other}, not of ${world.simulator.tenantId}`);
      expect(failure).toContain("Next: the vault is in another tenant");
    });
    expect(requests).toEqual(["vaultChallenge"]);
  });
});

test("a vault that takes a key from anybody gets none", async () => {
  const fault = { kind: "Body", body: "{}", status: 200 } as const;
  world.simulator.inject({ operation: "vaultChallenge", times: Infinity, fault });
  expect(await failureOf(world.secret.write(secretToWrite()))).toContain("it asks for no token");
  expect(world.vault.secretNames).toEqual([]);
});

test("a vault is sent neither a token nor a key before it has said what it asks for", async () => {
  const fault = { kind: "Body", body: "<html>", status: 403 } as const;
  world.simulator.inject({ operation: "vaultChallenge", fault });
  expect(await failureOf(world.secret.write(secretToWrite()))).toContain("in its place (403");
  const requests = await world.requestsOf(() => world.secret.write(secretToWrite()));
  expect(requests).toEqual(["vaultChallenge", "setVaultSecret"]);
  const [first] = world.simulator.requests.filter(({ vaultId }) => vaultId !== undefined);
  expect(first?.headers["content-length"]).toBe("0");
  expect(world.vault.secretValue("key")).toBe(VALUE);
});

test("a vault is asked once what token it takes, and the token serves all requests", async () => {
  await world.secret.write(secretToWrite());
  const requests = await world.requestsOf(async () => {
    await world.secret.newest();
    await world.secret.versions();
  });
  expect(requests).toEqual(["getVaultSecret", "listVaultSecretVersions"]);
  expect(tokensAskedFor()).toBe(1);
});

test("a token whose session was revoked is replaced, once", async () => {
  await world.secret.write(secretToWrite());
  world.simulator.revokeSessions();
  await world.secret.write(secretToWrite());
  expect(world.vault.secretVersions("key")).toHaveLength(2);
  expect(tokensAskedFor()).toBe(2);
});

test("in a cloud that tells no suffix the token is for the public cloud's vaults", async () => {
  await world.simulator.close();
  world = await keyVaultWorld({ keyVaultDns: null });
  await world.secret.write(secretToWrite());
  expect(world.simulator.keyVaultAudience).toBe("https://vault.azure.net");
  expect(world.vault.secretValue("key")).toBe(VALUE);
});

describe("a URI", () => {
  test("of a host that is none of the cloud's vaults is refused before anything is sent", async () => {
    const opened = (uri: string): Promise<KeyVaultSecret> => world.open(uri);
    for (const uri of ["https://vault.azure.net", "https://localhost.evil.example/"]) {
      await expect(opened(uri)).rejects.toMatchObject({
        name: "NotSentError",
        message: expect.stringContaining(
          "is not a key vault of cloud Simulator, whose hosts end with .localhost. Next: check vaultUri",
        ) as unknown,
      });
    }
  });
});

function authority(): string {
  return `${world.simulator.url}/${world.simulator.tenantId}`;
}

function audience(): string {
  return world.simulator.keyVaultAudience;
}
