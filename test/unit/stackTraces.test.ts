import { traceUserCode } from "../../provider/program/stackTraces";

const HERE = "stackTraces.test.ts";

test("stack traces are empty for a while, and then as they were", () => {
  const restore = traceUserCode([]);
  expect(new Error("without a trace").stack).toBe("Error: without a trace");
  restore();
  expect(new Error("with a trace").stack).toContain(HERE);
});

test("an error that ends the while gets a trace of where it went on from there", () => {
  const restore = traceUserCode([]);
  const error = new Error("a user's mistake");
  restore(error);
  expect(error.stack).toMatch(/^Error: a user's mistake\n +at /);
  expect(error.stack).toContain(HERE);
});
