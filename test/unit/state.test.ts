import {
  isGivenToGet,
  isOfGet,
  previousRotation,
  readInputs,
  readOutputs,
  whyNoPredecessor,
} from "../../provider/rotation/state";
import { finishedOutputs, rotationInputs } from "../support/rotationInputs";

function without(outputs: object, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !names.includes(name)));
}

describe("inputs in state", () => {
  test("of a rotation are read as they are; none are none", () => {
    expect(readInputs({})).toBeUndefined();
    expect(readInputs({ ...rotationInputs() })).toMatchObject({ generation: 1 });
  });

  test.each([
    ["another dynamic resource", { length: 8 }, /the properties length\./],
    ["an azure-native account", { accountName: "account", location: "x" }, /accountName, location/],
    ["one with an accountId", { accountId: rotationInputs().accountId }, /properties accountId/],
    ["one with a generation of text", { ...rotationInputs(), generation: "1" }, /is not that of/],
    ["one with a negative generation", { ...rotationInputs(), generation: -1 }, /is not that of/],
  ])("of %s are refused, with the names of its properties", (_, state, message) => {
    expect(readInputs(state)).toEqual({
      property: "",
      reason: expect.stringMatching(message) as string,
    });
  });

  test("no value of another resource is shown, and no name of any length", () => {
    const { reason } = readInputs({ password: "hunter2", ["x".repeat(500)]: 1 }) as {
      reason: string;
    };
    expect(reason).toContain("password");
    expect(reason).not.toContain("hunter2");
    expect(reason.length).toBeLessThan(400);
  });

  test.each([
    ["keyToRotate", "Tertiary"],
    ["liveKey", "Both"],
    ["rotationDecidedAt", "soon"],
    ["version", null],
  ])("of a newer version, whose %s this one does not know, are refused", (name, value) => {
    expect(readInputs({ ...rotationInputs(), [name]: value })).toEqual({
      property: "",
      reason: expect.stringMatching(`cannot read the state .*\\(${name}\\).*upgrade`) as string,
    });
  });

  test("a reason that this version does not know is no obstacle", () => {
    const imported = { ...rotationInputs(), rotationReason: "Imported" };
    expect(readInputs(imported)).toEqual(imported);
  });
});

describe("outputs in state", () => {
  test("are read as they are, without the time of a decision, too, as get() leaves them", () => {
    const outputs = without(finishedOutputs(), "rotationDecidedAt");
    expect(readOutputs(outputs)).toBe(outputs);
  });

  test("without the keys, as a newer version may keep them, are refused", () => {
    const outputs = without(finishedOutputs(), "primaryKey", "secondaryKey");
    expect(() => readOutputs(outputs)).toThrow(/\(primaryKey, secondaryKey\)/);
  });

  test("of another kind of resource are refused", () => {
    expect(() => readOutputs({ colour: "green" })).toThrow(/not that of a BatchAccountKeyRotation/);
  });

  test("are told from what a program gives to get()", () => {
    expect(isGivenToGet({ accountId: "x", configNamespace: "y" })).toBe(true);
    expect(isGivenToGet({ ...finishedOutputs() })).toBe(false);
    expect(isGivenToGet({ colour: "green" })).toBe(false);
  });
});

describe("a rotation to go on from", () => {
  test("is one that has decided something, and can be read", () => {
    const ofGet = without(
      { ...finishedOutputs({ generation: 0, keyToRotate: "None" }) },
      "rotationDecidedAt",
    );
    expect([isOfGet({ ...finishedOutputs() }), isOfGet(ofGet)]).toEqual([false, true]);
    expect(whyNoPredecessor(without(finishedOutputs(), "primaryKey"))).toBeUndefined();
    expect(whyNoPredecessor({ ...finishedOutputs(), keyToRotate: "Tertiary" })).toMatch(
      /cannot read .*\(keyToRotate\)/,
    );
    expect(whyNoPredecessor({ colour: "green" })).toMatch(/is not that of/);
  });

  test("half-way, names the key that consumers hold, and is not finished", () => {
    const halfWay = { ...finishedOutputs({ keyToRotate: "Primary" }), currentKeyName: "Secondary" };
    expect(previousRotation(halfWay as never)).toMatchObject({
      keyToRotate: "Secondary",
      isUnfinished: true,
    });
    expect(previousRotation(finishedOutputs())).not.toHaveProperty("isUnfinished");
  });
});
