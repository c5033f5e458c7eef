import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { rotationsOfStack } from "../../cli/status/rotationsOfStack";
import { byUrgency, type RotationStatus } from "../../cli/status/rotationStatus";
import { type ExportedResource, parseStackExport } from "../../cli/status/stackExport";
import { formatTable } from "../../cli/status/table";
import { after } from "../../provider/rotation/duration";
import { fingerprint } from "../../provider/rotation/outputs";
import { DECIDED_AT } from "../support/rotationInputs";
import { encrypted, exportedRotation, stackExport } from "../support/stackExports";

/* What a person sees, on a terminal of any width. */

const NOW = after(DECIDED_AT, "P20D");

function rotations(...resources: ExportedResource[]): RotationStatus[] {
  const state = parseStackExport(stackExport(resources));
  return rotationsOfStack(state, { now: NOW, grace: "P1D" }).sort(byUrgency);
}

function table(told: readonly RotationStatus[], width = Infinity, hasColours = false): string[] {
  return formatTable(told, NOW, { width, hasColours }).split("\n");
}

const EVERY_STATUS = rotations(
  exportedRotation({ name: "halfway", resource: { initErrors: ["it failed"] } }),
  exportedRotation({ name: "strange", outputs: { verifyKey: "Perhaps" } }),
  exportedRotation({ name: "late", settings: { rotateAfter: "P15D" } }),
  exportedRotation({ name: "keyleft", settings: { revokePreviousAfter: "PT475H" } }),
  exportedRotation({ name: "scheduled", settings: { rotateAfter: "P21D" } }),
  exportedRotation({
    name: "adopted",
    settings: { generation: 0, keyToRotate: "None" },
    outputs: { rotatedAt: undefined },
  }),
  exportedRotation({
    name: "hidden",
    outputs: { generation: encrypted(), rotateAfter: encrypted() },
  }),
);

test("each rotation has a line, with what is late and what comes next in words", () => {
  const [primary, secondary] = ["primary key", "secondary key"].map(fingerprint);
  expect(table(EVERY_STATUS).map((line) => line.split(/ {2,}/))).toEqual([
    expect.arrayContaining(["Status", "Account", "Next"]) as string[],
    expect.arrayContaining(["──────────"]) as string[],
    ["Unfinished", "halfway", "Secondary", secondary, "1", "20 days", "by version", "Verified"],
    ["Unreadable", "strange", "–", "–", "–", "–", "–", "–"],
    ["Overdue", "late", "Secondary", secondary, "1", "20 days", "rotation 5 days late", "Verified"],
    [
      "Due",
      "keyleft",
      "Secondary",
      secondary,
      "1",
      "20 days",
      "revocation 5 hours late",
      "Verified",
    ],
    ["OK", "scheduled", "Secondary", secondary, "1", "20 days", "rotation in 1 day", "Verified"],
    ["OK", "adopted", "Primary", primary, "0", "> 20 days", "by version", "Verified"],
    ["OK", "hidden", "Secondary", secondary, "(secret)", "20 days", "(secret)", "Verified"],
  ]);
});

test.each([120, 100, 80, 60, 40, 25])(
  "on a terminal of %i columns no line is longer, and every rotation keeps status and account",
  (width) => {
    const told = rotations(
      ...["a", "b"].map((letter) => exportedRotation({ name: letter.repeat(12) })),
    );
    const lines = table([...EVERY_STATUS, ...told], width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines).toHaveLength(2 + EVERY_STATUS.length + told.length);
    expect(lines[2]).toMatch(/^Unfinished +halfway/);
  },
);

test("what matters less leaves first, and what comes next stays longest", () => {
  const titles = [130, 100, 84, 60, 50, 40].map((width) => table(EVERY_STATUS, width)[0]);
  expect(titles.map((line) => line?.split(/ {2,}/).slice(2))).toEqual([
    ["Current key", "Fingerprint", "Generation", "Age", "Next", "Verification"],
    ["Current key", "Generation", "Age", "Next", "Verification"],
    ["Current key", "Age", "Next", "Verification"],
    ["Current key", "Next"],
    ["Next"],
    [],
  ]);
});

test("a name that is too long is cut, and costs no column", () => {
  const name = "x".repeat(80);
  const [, , line] = table(rotations(exportedRotation({ name, outputs: { verifyKey: "?" } })), 120);
  expect(line).toContain(` ${"x".repeat(23)}…  `);
  const [, , narrow] = table(
    rotations(exportedRotation({ name, outputs: { verifyKey: "?" } })),
    22,
  );
  expect(narrow).toBe(`Unreadable  ${"x".repeat(9)}…`);
});

test("wide characters keep the columns in line, and control characters do nothing", () => {
  const told = rotations(
    exportedRotation({ name: "秘密", outputs: { verifyKey: "?" } }),
    exportedRotation({ name: "\u001b[2J\nx", outputs: { verifyKey: "?" } }),
  );
  const lines = table(told);
  expect(lines).toHaveLength(4);
  expect(lines.join("")).not.toContain("\u001b");
  const columnOfKey = lines.slice(2).map((line) => stringWidth(line.slice(0, line.indexOf("–"))));
  expect(new Set(columnOfKey).size).toBe(1);
});

test("stack and resource group are shown where there are several", () => {
  const one = exportedRotation({ name: "one" });
  const other = exportedRotation({ name: "one", stack: "prod", resourceGroupName: "elsewhere" });
  expect(table(rotations(one))[0]).not.toMatch(/Stack|Resource group/);
  const lines = table([...rotations(one), ...rotations(other)]);
  expect(lines[0]).toMatch(/Resource group.*Stack/);
  expect(lines[3]).toMatch(/elsewhere.*fleet\/prod$/);
});

test("colours change nothing but colours: red for trouble, yellow for due, green for the rest", () => {
  const coloured = table(EVERY_STATUS, Infinity, true);
  expect(coloured.map(stripVTControlCharacters)).toEqual(table(EVERY_STATUS));
  const colours = coloured.slice(2).map((line) => /^\u001b\[(\d+)m/.exec(line)?.[1]);
  expect(colours).toEqual(["31", "31", "31", "33", "32", "32", "32"]);
});
