import { traceUserCode } from "../../provider/stackTraces";

test("stack traces are empty for a while, and then as they were", () => {
  const restore = traceUserCode();
  expect(new Error("without a trace").stack).toBe("Error: without a trace");
  restore();
  expect(new Error("with a trace").stack).toContain("stackTraces.test.ts");
});
