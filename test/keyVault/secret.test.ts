import { fingerprint } from "../../provider/rotation/outputs";
import type { Fault } from "../../simulator";
import {
  failureOf,
  type KeyVaultWorld,
  keyVaultWorld,
  refusal,
  secretToWrite,
  VALUE,
} from "../support/keyVaultWorld";

let world: KeyVaultWorld;
let now: number;

beforeEach(async () => {
  now = Date.now();
  world = await keyVaultWorld({ now: () => now });
});
afterEach(() => world.simulator.close());

/** What a vault forgets of a second has come to its end. */
function later(): void {
  now += 1_000;
}

describe("the newest version", () => {
  test("of no secret is none", async () => {
    expect(await world.secret.newest()).toBeUndefined();
    expect(await world.secret.versions()).toEqual([]);
  });

  test("is told with its tags and the fingerprint of its value", async () => {
    world.vault.putSecret("key", "old");
    const { version } = world.vault.putSecret("key", VALUE, { tags: { a: "b" } });
    expect(await world.secret.newest()).toEqual({
      version,
      enabled: true,
      tags: { a: "b" },
      valueFingerprint: fingerprint(VALUE),
    });
  });

  test("that is disabled is told with its tags, and not the enabled one before it", async () => {
    world.vault.putSecret("key", "old");
    const attributes = { enabled: false };
    const { version } = world.vault.putSecret("key", VALUE, { attributes, tags: { a: "b" } });
    expect(await world.secret.newest()).toEqual({
      version,
      enabled: false,
      tags: { a: "b" },
      valueFingerprint: undefined,
    });
  });

  test("of a soft-deleted secret is told as deleted, until it is purged", async () => {
    world.vault.putSecret("key", VALUE);
    world.vault.deleteSecret("key");
    expect(await world.secret.newest()).toBe("Deleted");
    world.vault.purgeSecret("key");
    expect(await world.secret.newest()).toBeUndefined();
  });
});

describe("writing", () => {
  test("adds a version with all that is said of it, and answers its id", async () => {
    const expiresOn = new Date("2030-01-01T00:00:00Z");
    const version = await world.secret.write(secretToWrite({ expiresOn }));
    expect(world.secret.uri).toBe(`${world.vault.uri}secrets/key`);
    expect(world.vault.secretVersions("key")).toEqual([
      {
        version,
        value: VALUE,
        contentType: "text/plain",
        tags: { CredentialId: "Primary" },
        attributes: expect.objectContaining({ exp: 1_893_456_000, enabled: true }) as unknown,
      },
    ]);
  });

  test("names no expiry that Microsoft's client would write as one before 1970", async () => {
    await world.secret.write(secretToWrite({ expiresOn: new Date("2040-01-01T00:00:00Z") }));
    expect(world.vault.secretVersions("key")[0]?.attributes).not.toHaveProperty("exp");
  });

  test.each([false, true])(
    "a soft-deleted secret recovers it first; purge protection: %p",
    async (enablePurgeProtection) => {
      world.vault.update({ properties: { enablePurgeProtection } });
      const old = world.vault.putSecret("key", "old");
      world.vault.deleteSecret("key");
      const version = await world.secret.write(secretToWrite());
      const versions = world.vault.secretVersions("key");
      expect(versions.map((each) => each.version)).toEqual([old.version, version]);
      expect(world.vault.secretState("key")).toBe("Active");
    },
  );

  test("waits for a secret that is still being deleted, and then being recovered", async () => {
    await restart({ secretDeletionMs: 60, retry: { firstDelay: 10, maximumRetries: 6 } });
    world.vault.putSecret("key", "old");
    world.vault.deleteSecret("key");
    await world.secret.write(secretToWrite());
    expect(world.vault.secretVersions("key").map(({ value }) => value)).toEqual(["old", VALUE]);
  });

  test("recovers a secret whose newest version is disabled", async () => {
    world.vault.putSecret("key", "old", { attributes: { enabled: false } });
    world.vault.deleteSecret("key");
    await world.secret.write(secretToWrite());
    expect(world.vault.secretValue("key")).toBe(VALUE);
  });

  test.each<[string, Fault, number]>([
    ["an answer is lost after the effect", { kind: "Drop", when: "AfterEffect" }, 2],
    ["an answer breaks off", { kind: "CutBody", afterBytes: 10 }, 2],
    ["the vault cannot be reached", { kind: "Drop", when: "BeforeEffect" }, 1],
    ["the vault answers 503", { kind: "Error", status: 503, code: "Unavailable" }, 1],
  ])("is done once more where %s", async (_, fault, versions) => {
    world.simulator.inject({ operation: "setVaultSecret", fault });
    const version = await world.secret.write(secretToWrite());
    expect(world.vault.secretVersions("key")).toHaveLength(versions);
    expect(await world.secret.newest()).toMatchObject({ valueFingerprint: fingerprint(VALUE) });
    expect(world.vault.secretVersions("key").at(-1)).toMatchObject({ version, value: VALUE });
  });

  test("that is lost each time has an unknown outcome", async () => {
    const fault = { kind: "Drop", when: "AfterEffect" } as const;
    world.simulator.inject({ operation: "setVaultSecret", times: Infinity, fault });
    await expect(world.secret.write(secretToWrite())).rejects.toMatchObject({ outcome: "unknown" });
  });

  test("waits for a throttled vault for as long as it asks", async () => {
    await restart();
    world.vault.limitRequests({ capacity: 2, refillPerSecond: 2 });
    await world.secret.newest(); // takes both
    const since = performance.now();
    await world.secret.write(secretToWrite());
    expect(performance.now() - since).toBeGreaterThan(400);
    expect(world.vault.secretValue("key")).toBe(VALUE);
  });
});

describe("the list of versions", () => {
  test("is told newest first, with tags and without values, over all its pages", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 60; index += 1) {
      later();
      ids.unshift(world.vault.putSecret("key", VALUE, { tags: { n: String(index) } }).version);
    }
    world.vault.updateSecret("key", { attributes: { enabled: false } }, ids[1]);
    const requests = await world.requestsOf(async () => {
      const versions = await world.secret.versions();
      expect(versions.map(({ version }) => version)).toEqual(ids);
      expect(versions.slice(0, 2)).toEqual([
        { version: ids[0], enabled: true, tags: { n: "59" }, valueFingerprint: undefined },
        { version: ids[1], enabled: false, tags: { n: "58" }, valueFingerprint: undefined },
      ]);
    });
    expect(requests).toEqual([
      "vaultChallenge",
      ...Array<string>(3).fill("listVaultSecretVersions"),
    ]);
  });

  test("begins with the newest, even of several that were made in one second", async () => {
    for (let index = 0; index < 8; index += 1) {
      const { version } = world.vault.putSecret("key", String(index));
      expect((await world.secret.versions())[0]).toMatchObject({ version });
    }
  });

  test.each([
    ["to another host", () => "https://elsewhere.example/secrets/key/versions"],
    ["to another vault", () => `${world.simulator.createVault({ name: "other" }).uri}secrets`],
  ])("is not followed %s", async (_, nextLink) => {
    const body = JSON.stringify({ value: [], nextLink: nextLink() });
    world.simulator.inject({ operation: "listVaultSecretVersions", fault: { kind: "Body", body } });
    const requests = await world.requestsOf(async () => {
      expect(await failureOf(world.secret.versions())).toMatch(
        /nextLink leads to https:.*, not to https:.*, and was not followed/,
      );
    });
    expect(requests).toEqual(["vaultChallenge", "listVaultSecretVersions"]);
  });
});

test("a version that is disabled keeps its value and its tags", async () => {
  const version = await world.secret.write(secretToWrite());
  await world.secret.disable(version);
  expect(world.vault.secretVersions("key")).toMatchObject([
    { value: VALUE, tags: { CredentialId: "Primary" }, attributes: { enabled: false } },
  ]);
});

describe("an answer", () => {
  test.each(["{}", '{"value":"x","id":"https://elsewhere/secrets/key"}', '{"value":"x","id":7}'])(
    "%s to a read is told as no version",
    async (body) => {
      world.simulator.inject({
        operation: "getVaultSecret",
        fault: { kind: "Body", body, status: 200 },
      });
      expect(await failureOf(world.secret.newest())).toMatch(
        /^could not read secret "key" of key vault https:\/\/localhost:\d+: the answer does not have the form/,
      );
    },
  );

  test("that quotes the value is told without it", async () => {
    const fault = refusal(400, "BadParameter", `The value '${VALUE}' is too small.`);
    world.simulator.inject({ operation: "setVaultSecret", fault });
    expect(await failureOf(world.secret.write(secretToWrite()))).toContain(
      "'[secret]' is too small",
    );
  });
});

test("a user who waits is told for what, and never a value", async () => {
  await restart({ logAfter: 20 });
  const fault = { kind: "Delay", milliseconds: 100, when: "BeforeEffect" } as const;
  world.simulator.inject({ operation: "setVaultSecret", fault });
  await world.secret.write(secretToWrite());
  expect(world.told.join()).toMatch(
    /the request to write secret "key" of key vault https:.* waits for an answer/,
  );
  expect(world.told.join() + JSON.stringify(world.simulator.requests)).not.toContain(VALUE);
});

async function restart(options: Parameters<typeof keyVaultWorld>[0] = {}): Promise<void> {
  await world.simulator.close();
  world = await keyVaultWorld(options);
}
