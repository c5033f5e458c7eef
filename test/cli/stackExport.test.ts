import { parseStackExport } from "../../cli/status/stackExport";
import { exportedRotation, stackExport } from "../support/stackExports";

const RESOURCE = exportedRotation();

test("resources and pending operations are read, of both versions of the format", () => {
  const pending = { type: "updating", resource: RESOURCE };
  const text = stackExport([RESOURCE], [pending]);
  for (const version of [3, 4]) {
    const state = parseStackExport(text.replace('"version":3', `"version":${String(version)}`));
    expect(state.resources.slice(1)).toEqual([RESOURCE]);
    expect(state.pendingOperations).toEqual([pending]);
  }
});

test.each([
  ["that was never updated", { version: 3, deployment: { manifest: {} } }],
  ["that has no deployment yet", { version: 3, deployment: null }],
])("a stack %s has no resources", (_, json) => {
  expect(parseStackExport(JSON.stringify(json))).toEqual({ resources: [], pendingOperations: [] });
});

function withDeployment(deployment: unknown): string {
  return JSON.stringify({ version: 3, deployment });
}

test.each([
  ["an empty file", "", /^it is not JSON\. Next: /],
  ["a list", "[]", /has no deployment\. Next: /],
  ["null", "null", /has no deployment/],
  ["an account", '{ "name": "account" }', /has no deployment/],
  ["a later version", '{ "version": 5, "deployment": {} }', /is 5, and 3 and 4 .*Next: upgrade/],
  ["no version", '{ "version": "3", "deployment": {} }', /is none, and 3 and 4/],
  ["resources that are no list", withDeployment({ resources: {} }), /its resources cannot be/],
  ["a resource without a URN", withDeployment({ resources: [{ type: "a" }] }), /its resources/],
  [
    "outputs that are a list",
    withDeployment({ resources: [{ ...RESOURCE, outputs: [] }] }),
    /reso/,
  ],
  [
    "an error of no text",
    withDeployment({ resources: [{ ...RESOURCE, initErrors: [1] }] }),
    /reso/,
  ],
  ["an operation on nothing", withDeployment({ pending_operations: [{}] }), /its pending operat/],
])("%s is refused, with what it is not and what to do", (_, text, message) => {
  expect(() => parseStackExport(text)).toThrow(message);
});

test("nothing of a text that is no JSON is shown", () => {
  expect(() => parseStackExport("hunter2")).toThrow(/^(?!.*hunter2)/);
});
