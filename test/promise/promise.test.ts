import type { AccountCall } from "../../provider/lifecycle/dependencies";
import { createLifecycle } from "../../provider/lifecycle/lifecycle";
import type { KeyName, RotationInputs, RotationOutputs } from "../../provider/rotation/properties";
import { walk, type Walked } from "./walk";

/*
 * Every history of ups, bumps, bumps back, edits, schedules, refreshes and rotations by hand, with
 * every fault at every request, against the promise. `npm run prove` walks further.
 */

jest.setTimeout(1_200_000);

test("the current key works in every history of five actions with up to two faults", async () => {
  const lengths: Walked[] = [];
  const walked = await walk({
    createLifecycle,
    actions: 5,
    faults: 2,
    walked: (length) => lengths.push(length),
  });
  console.info(
    lengths
      .map(
        ({ actions, histories }) =>
          `${String(actions)} actions: ${histories.toLocaleString("en")} histories`,
      )
      .join("\n"),
  );
  // As many as ever: a walk that no longer goes everywhere proves nothing.
  expect(walked.histories).toBeGreaterThan(250_000_000);
});

test("so does the newest version of its Key Vault secret, in every history of four actions", async () => {
  const walked = await walk({ createLifecycle, usesVault: true, actions: 4, faults: 2 });
  console.info(`with a Key Vault secret: ${walked.histories.toLocaleString("en")} histories`);
  expect(walked.histories).toBeGreaterThan(1_000_000);
});

describe("a rotation that is broken on purpose is caught:", () => {
  /** Walks with one module of the lifecycle replaced; the message names the history that broke. */
  async function walkWith(module: string, replace: (actual: never) => object): Promise<string> {
    let message = "every history kept the promise";
    // All in one registry of modules: the lifecycle tells errors by their classes.
    await jest.isolateModulesAsync(async () => {
      jest.doMock(module, () => {
        const actual: object = jest.requireActual(module);
        return { ...actual, ...replace(actual as never) };
      });
      const lifecycle = await import("../../provider/lifecycle/lifecycle.js");
      const { walk: walkThrough } = await import("./walk.js");
      const { createLifecycle: createBroken } = lifecycle;
      await walkThrough({ createLifecycle: createBroken, actions: 4, faults: 1 }).catch(
        (error: unknown) => {
          message = (error as Error).message;
        },
      );
    });
    jest.dontMock(module);
    return message;
  }

  test("one that regenerates the key in use", async () => {
    const decision = "../../provider/rotation/decision";
    const message = await walkWith(
      decision,
      ({ decideNext, currentKeyName }: typeof import("../../provider/rotation/decision")) => ({
        decideNext: (old: RotationInputs, ...others: [never, never]) => {
          const decided = decideNext(old, ...others);
          if ("reason" in decided || decided.generation === old.generation) return decided;
          return { ...decided, keyToRotate: currentKeyName(old) };
        },
      }),
    );
    expect(message).toMatch(/finished without a new current key|does not work/);
  });

  test("one that revokes the key in use", async () => {
    const decision = "../../provider/rotation/decision";
    const message = await walkWith(
      decision,
      ({ decideNext, currentKeyName }: typeof import("../../provider/rotation/decision")) => ({
        decideNext: (old: RotationInputs, ...others: [never, never]) => {
          const decided = decideNext(old, ...others);
          if ("reason" in decided || decided.keyToRevoke === undefined) return decided;
          return { ...decided, keyToRevoke: currentKeyName(old) };
        },
      }),
    );
    expect(message).toMatch(/key that consumers hold does not work[^]*revocation fall due/);
  });

  test("one that says that it has revoked a key, and has not", async () => {
    const unfinished = "../../provider/rotation/partialUpdate";
    const message = await walkWith(unfinished, () => ({ keyStillToRevoke: () => undefined }));
    expect(message).toMatch(/a key that was revoked still works[^]*revocation fall due/);
  });

  test("one that forgets at refresh that a rotation is unfinished", async () => {
    const unfinished = "../../provider/rotation/partialUpdate";
    const message = await walkWith(unfinished, () => ({ isUnfinished: () => false }));
    expect(message).toMatch(/finished without a new current key[^]*Rejected[^]*refresh/);
  });

  test("one that rotates again to finish a rotation", async () => {
    const unfinished = "../../provider/rotation/partialUpdate";
    const message = await walkWith(
      unfinished,
      ({ needsFinishing }: typeof import("../../provider/rotation/partialUpdate")) => ({
        needsRotation: (done: RotationOutputs, wanted: RotationInputs) =>
          wanted.generation > done.generation || needsFinishing(done, wanted),
      }),
    );
    expect(message).toMatch(/had rotated already rotated again/);
  });

  test("one that sends a lost request again without waiting to see what became of it", async () => {
    const regenerate = "../../provider/lifecycle/regenerate";
    const message = await walkWith(regenerate, () => ({
      regenerate: async ({ azure, id }: AccountCall, keyName: KeyName) => {
        const { regenerateKey } = await import("../../provider/azure/arm/batchAccounts.js");
        const { keysRead } = await import("../../provider/rotation/outputs.js");
        const send = () => regenerateKey(azure.resourceManager, id, keyName);
        return keysRead(await send().catch(send));
      },
    }));
    expect(message).toMatch(/does not work[^]*LostThenExecuted/);
  });

  test("one that begins anew where the engine replaces its resource", async () => {
    const message = await walkWith(
      "../../provider/lifecycle/predecessors",
      ({ Predecessors }: typeof import("../../provider/lifecycle/predecessors")) => ({
        Predecessors: class extends Predecessors {
          override of = () => Promise.resolve([]);
        },
      }),
    );
    expect(message).toMatch(/does not work[^]*replace/);
  });

  test("one that begins anew where its account has moved", async () => {
    const message = await walkWith(
      "../../provider/rotation/decision",
      ({ decideCreated }: typeof import("../../provider/rotation/decision")) => ({
        decideCreated: (...[predecessors, wanted, now]: Parameters<typeof decideCreated>) =>
          decideCreated(
            predecessors.filter(({ rotation }) => rotation.accountId === wanted.accountId),
            wanted,
            now,
          ),
      }),
    );
    expect(message).toMatch(/does not work[^]*move the account/);
  });

  test("one that takes an account for gone at refresh that has moved", async () => {
    const message = await walkWith("../../provider/azure/arm/batchAccountList", () => ({
      listBatchAccounts: () => [],
    }));
    expect(message).toMatch(/does not work[^]*move the account[^]*refresh/);
  });

  test("one that goes on from the state of another kind of resource", async () => {
    const message = await walkWith("../../provider/rotation/state", () => ({
      readInputs: (state: object) => ("accountId" in state ? state : undefined),
      readOutputs: (state: object) => state,
    }));
    expect(message).toMatch(/foreign state was not refused[^]*astray/);
  });

  test("one that forgets, when the engine retries, what it has regenerated", async () => {
    const message = await walkWith("../../provider/lifecycle/progress", () => ({
      ProgressByDecision: class {
        of = () => ({ regenerated: new Set() });
        finish = () => undefined;
      },
    }));
    expect(message).toMatch(/more than one key[^]*onError hook/);
  });

  test("one that takes a gateway's page for a refusal of Azure's", async () => {
    const message = await walkWith("../../provider/azure/arm/armError", () => ({
      armError: ({ status }: { readonly status: number }) =>
        status < 400 ? undefined : { status, code: "AuthorizationFailed", message: "" },
    }));
    expect(message).toMatch(/state does not know the new one[^]*Substituted/);
  });

  test("one that rotates an account which a list has left out, when it is back", async () => {
    const message = await walkWith("../../components/rotationSettings", () => ({
      adopting: (settings: object) => settings,
    }));
    expect(message).toMatch(/does not work[^]*leave the account out/);
  });
});
