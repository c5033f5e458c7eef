import fc from "fast-check";
import { diff } from "../../provider/rotation/diff";
import { inputsOf } from "../../provider/rotation/inputs";
import { needsFinishing, needsRotation } from "../../provider/rotation/partialUpdate";
import type { RotationInputs } from "../../provider/rotation/properties";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { ACCOUNT_ID, finishedOutputs, rotationInputs } from "../support/rotationInputs";

describe("difference", () => {
  test("there is none between finished outputs and their inputs, whatever else state holds", () => {
    const outputs = { ...finishedOutputs(), __provider: "old text", laterProperty: true };
    const inputs = { ...rotationInputs(), __provider: "new text" };
    expect(diff(outputs, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("letter case of the id and the type of the version make none", () => {
    const inputs = rotationInputs({ accountId: ACCOUNT_ID.toUpperCase(), version: "1" });
    expect(diff(finishedOutputs(), inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("another account replaces, and so does one that is not known yet", () => {
    const another = rotationInputs({ accountId: `${ACCOUNT_ID}2` });
    expect(diff(finishedOutputs(), another).replaces).toEqual(["accountId"]);
    const unknown = rotationInputs({ accountId: UNKNOWN });
    expect(diff(finishedOutputs(), unknown).replaces).toEqual(["accountId"]);
  });

  test.each<Partial<RotationInputs>>([
    { version: 2 },
    { generation: 2 },
    { rotate: "Both" },
    { rotateAfter: "P1D" },
    { verifyKey: "None" },
    { revokeOnDelete: true },
    { configNamespace: "other" },
  ])("%p is a change", (change) => {
    expect(diff(finishedOutputs(), rotationInputs(change)).changes).toBe(true);
  });

  test("an unfinished rotation is a change even when the inputs are the same", () => {
    const rejected = { ...finishedOutputs(), keyVerification: "Rejected" as const };
    expect(diff(rejected, rotationInputs()).changes).toBe(true);
    const notHandedOut = { ...finishedOutputs(), currentKeyName: "Primary" as const };
    expect(diff(notHandedOut, rotationInputs()).changes).toBe(true);
  });
});

test("finished outputs echo the inputs, all of them", () => {
  const inputs = rotationInputs({ rotateAfter: "P90D", minimumOverlap: "P1D" });
  expect(inputsOf(finishedOutputs(inputs))).toEqual(inputs);
});

describe("what an update has to do", () => {
  test("inputs that differ in settings alone need neither rotation nor finishing", () => {
    const setting = fc.record({
      rotate: fc.constantFrom("Alternate" as const, "Primary" as const, "Both" as const),
      revokeOnDelete: fc.boolean(),
      rotateOnCreate: fc.boolean(),
    });
    fc.assert(
      fc.property(setting, (change) => {
        const wanted = rotationInputs(change);
        expect(needsRotation(finishedOutputs(), wanted)).toBe(false);
        expect(needsFinishing(finishedOutputs(), wanted)).toBe(false);
      }),
    );
  });

  // The engine has kept the old inputs, so check decides generation 2 anew each time.
  const halfFailed = {
    ...finishedOutputs({ version: 2, generation: 2, keyToRotate: "Primary" }),
    currentKeyName: "Secondary" as const,
    keyVerification: "Rejected" as const,
  };
  const retried = {
    version: 2,
    generation: 2,
    keyToRotate: "Primary",
    rotationDecidedAt: "2026-01-02T00:00:00.000Z",
  } as const;

  test("a half-failed rotation is finished without another one", () => {
    expect(needsRotation(halfFailed, rotationInputs(retried))).toBe(false);
    expect(needsFinishing(halfFailed, rotationInputs(retried))).toBe(true);
  });

  test("a further bump after it rotates the same key again", () => {
    expect(needsRotation(halfFailed, rotationInputs({ ...retried, version: 3 }))).toBe(true);
  });

  test("asking for both keys after it rotates: they have leaked", () => {
    expect(needsRotation(halfFailed, rotationInputs({ ...retried, keyToRotate: "Both" }))).toBe(
      true,
    );
  });

  test("going back to the version before it rotates nothing", () => {
    expect(needsRotation(halfFailed, rotationInputs())).toBe(false);
    expect(needsFinishing(halfFailed, rotationInputs())).toBe(true);
  });

  test("adopting never rotates", () => {
    const adopted = { generation: 0, keyToRotate: "None", rotationReason: "Adopted" } as const;
    expect(needsRotation(finishedOutputs(adopted), rotationInputs(adopted))).toBe(false);
  });
});
