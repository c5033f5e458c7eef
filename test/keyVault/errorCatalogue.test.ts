import dns from "node:dns";
import { documentedRows, expectDocumented } from "../support/documentedErrors";
import {
  failureOf,
  type KeyVaultWorld,
  keyVaultWorld,
  refusal,
  secretToWrite,
} from "../support/keyVaultWorld";

/*
 * What a key vault can answer, and what the user then reads. docs/errors.md says the same, to the
 * letter.
 */

/** The rows of docs/errors.md that a test below has given to the package. */
const tested = new Set<string>();

let world: KeyVaultWorld;

beforeEach(async () => {
  world = await keyVaultWorld();
});
afterEach(() => world.simulator.close());

/** The documents give the same advice, and nothing was written. */
function expectTold(name: string, message: string, pattern: RegExp): void {
  tested.add(name);
  expect(message).toMatch(
    /^could not (read|write|disable|recover|list the versions of) secret "key" of key vault https:\/\/localhost:\d+: /,
  );
  expect(message).toMatch(pattern);
  expect(message).not.toMatch(/eyJ|appid=/);
  expect(world.vault.secretValue("key")).toBeUndefined();
  expectDocumented(name, message);
}

/** The message with which writing fails. */
function failure(): Promise<string> {
  return failureOf(world.secret.write(secretToWrite()));
}

describe("a key vault that refuses", () => {
  test("who has no role names the role and the vault", async () => {
    world.vault.deniedActions.add("Microsoft.KeyVault/vaults/secrets/*");
    for (const message of [
      await failure(),
      await failureOf(world.secret.newest()),
      await failureOf(world.secret.versions()),
      await failureOf(world.secret.disable("0".repeat(32))),
    ]) {
      const reason =
        /: 403 Forbidden \(ForbiddenByRbac\): Caller is not authorized to perform action on resource \(request id [-0-9a-f]{36}\)\. Next: /;
      expectTold("ForbiddenByRbac", message, reason);
    }
  });

  test("to recover names the role as well", async () => {
    world.vault.putSecret("key", "old");
    world.vault.deleteSecret("key");
    world.vault.deniedActions.add("Microsoft.KeyVault/vaults/secrets/recover/action");
    const message = await failure();
    expectTold("ForbiddenByRbac", message, /^could not recover secret "key".*ForbiddenByRbac/);
  });

  test("clients beyond its firewall", async () => {
    world.vault.update({ properties: { networkAcls: { defaultAction: "Deny" } } });
    expectTold(
      "ForbiddenByFirewall",
      await failure(),
      /403 Forbidden \(ForbiddenByFirewall\): Client/,
    );
  });

  test("clients of the public network", async () => {
    world.vault.update({ properties: { publicNetworkAccess: "Disabled" } });
    expectTold(
      "ForbiddenByConnection",
      await failure(),
      /403 Forbidden \(ForbiddenByConnection\): /,
    );
  });

  test.each<[string, Parameters<typeof refusal>, RegExp]>([
    [
      "AccessDenied",
      [
        403,
        "Forbidden",
        "The user, group or application does not have secrets set permission on key vault 'v'.",
        "AccessDenied",
      ],
      /403 Forbidden \(AccessDenied\): The user, group or application does not have secrets set/,
    ],
    ["vault: 403", [403, "Forbidden", "Denied."], /: 403 Forbidden: Denied \(/],
    ["vault: 409", [409, "Conflict", "Busy."], /: 409 Conflict: Busy \(/],
    [
      "ObjectIsBeingRecovered",
      [409, "Conflict", "It is being recovered.", "ObjectIsBeingRecovered"],
      /: 409 Conflict \(ObjectIsBeingRecovered\): /,
    ],
    ["vault: 400", [400, "BadParameter", "No."], /: 400 BadParameter: No \(/],
    [
      "AKV10032",
      [401, "Unauthorized", "AKV10032: Invalid issuer."],
      /: 401 Unauthorized: AKV10032: /,
    ],
    [
      "AKV10022",
      [401, "Unauthorized", "AKV10022: Invalid audience."],
      /: 401 Unauthorized: AKV100/,
    ],
    [
      "vault: 401",
      [401, "Unauthorized", "[TokenExpired]"],
      /: 401 Unauthorized: \[TokenExpired\] \(/,
    ],
  ])("%s, each time", async (name, answer, pattern) => {
    const fault = refusal(...answer);
    world.simulator.inject({ operation: "setVaultSecret", times: Infinity, fault });
    expectTold(name, await failure(), pattern);
  });

  test("a write because the secret is not recovered in time", async () => {
    await restart({ secretDeletionMs: 60_000 });
    world.vault.putSecret("key", "old");
    world.vault.deleteSecret("key");
    expectTold(
      "ObjectIsBeingDeleted",
      await failure(),
      /: 409 Conflict \(ObjectIsBeingDeleted\): /,
    );
  });

  test("a write because the secret stays deleted", async () => {
    world.vault.putSecret("key", "old");
    world.vault.deleteSecret("key");
    const fault = refusal(409, "Conflict", "Busy.");
    world.simulator.inject({ operation: "recoverVaultSecret", times: Infinity, fault });
    const pattern = /: 409 Conflict \(ObjectIsDeletedButRecoverable\): Secret key is currently /;
    expectTold("ObjectIsDeletedButRecoverable", await failure(), pattern);
  });

  test("to tell of a disabled secret whose list has only enabled versions", async () => {
    const fault = refusal(403, "Forbidden", "Operation get is not allowed.", "SecretDisabled");
    world.simulator.inject({ operation: "getVaultSecret", fault });
    const message = await failureOf(world.secret.newest());
    expectTold("SecretDisabled", message, /: 403 Forbidden \(SecretDisabled\): Operation get is/);
  });

  test("to disable a version that is no longer there", async () => {
    const message = await failureOf(world.secret.disable("0".repeat(32)));
    expectTold("SecretNotFound", message, /: 404 SecretNotFound: A secret with \(name\/id\) key\//);
  });

  test("more requests for longer than anyone waits", async () => {
    const headers = { "Retry-After": "2700" };
    const fault = { kind: "Error", status: 429, code: "Throttled", headers } as const;
    world.simulator.inject({ operation: "setVaultSecret", times: Infinity, fault });
    expectTold("Throttled", await failure(), /: 429 Throttled: .* in 45 minutes$/);
  });

  test.each([500, 503, 504])("for now, with a %i", async (status) => {
    const fault = { kind: "Error", status, code: "ServerError" } as const;
    world.simulator.inject({ operation: "setVaultSecret", times: Infinity, fault });
    const written = world.secret.write(secretToWrite());
    await expect(written).rejects.toMatchObject({ outcome: "unknown" });
    expectTold("vault: 5xx", await failure(), new RegExp(`: ${String(status)} ServerError: `));
  });
});

describe("what is not a key vault's answer", () => {
  test.each([
    ["not a key vault", 200],
    ["not a key vault", 403],
    ["not a key vault: 5xx", 502],
    ["vault: 302", 302],
  ])("%s: a page of HTML with %i", async (name, status) => {
    const headers = { "Content-Type": "text/html", Server: "x", Location: "https://y.example/" };
    const fault = { kind: "Body", body: "<html>", status, headers, when: "BeforeEffect" } as const;
    world.simulator.inject({ operation: "setVaultSecret", times: Infinity, fault });
    const pattern = new RegExp(
      `something between this machine and key vault https://localhost:\\d+ has answered in its place \\(${String(status)}, text/html, server x\\)`,
    );
    expectTold(name, await failure(), pattern);
    const written = world.secret.write(secretToWrite());
    await expect(written).rejects.toMatchObject({ outcome: "unknown" });
  });

  test("JSON without a version", async () => {
    const fault = { kind: "Body", body: "{}", status: 200, when: "BeforeEffect" } as const;
    world.simulator.inject({ operation: "setVaultSecret", fault });
    expectTold(
      "vault: 200",
      await failure(),
      /: the answer does not have the form of this API ver/,
    );
  });

  test("a list that never ends", async () => {
    const nextLink = `${world.vault.uri}secrets/key/versions?api-version=7.6`;
    const body = JSON.stringify({ value: [], nextLink });
    const fault = { kind: "Body", body } as const;
    world.simulator.inject({ operation: "listVaultSecretVersions", times: Infinity, fault });
    const message = await failureOf(world.secret.versions());
    expectTold("vault: 200", message, /: its pages do not end\. Next/);
  });

  test("none: the connection is cut, each time", async () => {
    const fault = { kind: "Drop", when: "BeforeEffect" } as const;
    world.simulator.inject({ operation: "setVaultSecret", times: Infinity, fault });
    expectTold("vault: no answer", await failure(), /: socket hang up\. Next: /);
  });

  test("none: the vault's name leads nowhere", async () => {
    jest.spyOn(dns, "lookup").mockImplementation(((
      host: string,
      _: unknown,
      callback: (error: Error) => void,
    ) => {
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }));
    }) as never);
    try {
      const written = world.secret.write(secretToWrite());
      await expect(written).rejects.toMatchObject({ outcome: "refused" });
      expectTold("vault: no host", await failure(), /: getaddrinfo ENOTFOUND localhost\. Next: /);
    } finally {
      jest.restoreAllMocks();
    }
  });
});

describe("a key vault that asks for", () => {
  test.each<[string, () => string, RegExp]>([
    [
      "vault: another token",
      () => `authorization="${world.simulator.url}/x", resource="https://elsewhere.example"`,
      /: it asks for a token for "https:\/\/elsewhere.example", not for https:\/\/localhost, and got/,
    ],
    [
      "vault: another authority",
      () => `authorization="https://elsewhere.example/x", resource="https://localhost"`,
      /: it asks for a token from "https:\/\/elsewhere.example\/x", which does not sign in to cloud S/,
    ],
    [
      "vault: another tenant",
      () =>
        `authorization="${world.simulator.url}/00000000-0000-0000-0000-000000000001", resource="https://localhost"`,
      /: it asks for a token of tenant 00000000-.*, not of .*, and got none\. Next: the vault is in an/,
    ],
  ])("%s", async (name, challenge, pattern) => {
    const headers = { "WWW-Authenticate": `Bearer ${challenge()}` };
    const fault = { kind: "Body", body: "", status: 401, headers } as const;
    world.simulator.inject({ operation: "vaultChallenge", times: Infinity, fault });
    expectTold(name, await failure(), pattern);
  });

  test("no token", async () => {
    const fault = { kind: "Body", body: "{}", status: 200 } as const;
    world.simulator.inject({ operation: "vaultChallenge", times: Infinity, fault });
    expectTold("vault: no token", await failure(), /: it asks for no token, and got none\. Next/);
  });
});

test("a vaultUri of another cloud", async () => {
  const message = await failureOf(world.open("https://my-vault.vault.azure.cn"));
  tested.add("vaultUri");
  expect(message).toMatch(
    /^https:\/\/my-vault.vault.azure.cn is not a key vault of cloud Simulator, whose hosts end with .localhost\. Next/,
  );
  expectDocumented("vaultUri", message);
});

test("each row of the documents was tested above", () => {
  expect(new Set(documentedRows("A key vault").keys())).toEqual(tested);
});

async function restart(options: Parameters<typeof keyVaultWorld>[0]): Promise<void> {
  await world.simulator.close();
  world = await keyVaultWorld(options);
}
