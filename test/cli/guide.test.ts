import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { formatReport, type StatusReport } from "../../cli/status/report";
import { STATUSES } from "../../cli/status/rotationStatus";
import { reportOn } from "../../cli/status/status";
import { codeIn, read, ROOT, tableUnder } from "../package/documents";
import { exportedRotation, stackExport } from "../support/stackExports";

/* docs/guides/status.md shows what the command prints, and names all of it. */

const GUIDE = read("docs/guides/status.md");
const NOW = new Date("2026-05-01T04:17:00.000Z");

function decided(days: number) {
  const at = new Date(NOW.getTime() - days * 86_400_000).toISOString();
  return { rotationDecidedAt: at, rotateAfter: "P90D" };
}

function reportOfGuide(): Promise<StatusReport> {
  const adoptedAt = decided(40).rotationDecidedAt;
  const state = stackExport([
    exportedRotation({
      name: "orders",
      settings: { ...decided(12), generation: 3 },
      outputs: {
        rotatedAt: decided(12).rotationDecidedAt,
        secondaryKeyFingerprint: "99d2f878060cb34d",
      },
    }),
    exportedRotation({
      name: "archive",
      settings: { generation: 0, keyToRotate: "None", rotationDecidedAt: adoptedAt },
      outputs: {
        rotatedAt: undefined,
        primaryKeyFingerprint: "04c7be1f9d62a85e",
        keyVerification: "Skipped",
      },
    }),
    exportedRotation({
      name: "reports",
      settings: { ...decided(96), generation: 2, keyToRotate: "Primary" },
      outputs: {
        rotatedAt: decided(96).rotationDecidedAt,
        primaryKeyFingerprint: "c7abd2415e90f3b8",
      },
    }),
    exportedRotation({
      name: "billing",
      settings: { ...decided(1), generation: 5 },
      inputs: { ...decided(61), generation: 4, keyToRotate: "Primary" },
      outputs: {
        currentKeyName: "Primary",
        primaryKeyFingerprint: "30173d8b12241d2e",
        keyVerification: "Rejected",
      },
      resource: { initErrors: [FAILURE] },
    }),
  ]);
  return reportOn([{ name: "dev", read: () => Promise.resolve(state) }], NOW, undefined);
}

const FAILURE =
  'the new Secondary key of Batch account "billing" does not work yet: billing.westeurope.batch.azure.com refused the key\'s signature. Next: run "pulumi up" again, which tries it again without another rotation';

test("it shows what the command prints", async () => {
  const printed = formatReport(await reportOfGuide(), { width: Infinity, hasColours: false });
  expect(GUIDE).toContain(`\`\`\`text\n${printed}\n\`\`\``);
});

test("its tables have every property of --json, and every status", async () => {
  const report = await reportOfGuide();
  const [ofReport, ofRotations] = GUIDE.split("Each of `rotations` has these.");
  const names = (heading: string, text = "") =>
    tableUnder(heading, text).flatMap((row) => codeIn(row["Property"]));
  expect(names("For programs", ofReport)).toEqual(Object.keys(report));
  expect(names("Rest", `# Rest\n${ofRotations ?? ""}`).sort()).toEqual(
    Object.keys(report.rotations[0] ?? {}).sort(),
  );
  const statuses = tableUnder("The command", GUIDE).flatMap((row) => codeIn(row["`status`"]));
  expect(statuses).toEqual(STATUSES);
});

const INVOCATION =
  /^(?:.*\brun: )?npx pulumi-azure-batch-key-rotation (status.*?)(?: +#.*| \|)?$/gm;

test.each([...GUIDE.matchAll(INVOCATION)].map(([, args = ""]) => args))(
  "the command takes what it shows: %s",
  (args) => {
    const command = path.join(ROOT, "dist/cli/main.js");
    const { stderr } = spawnSync(process.execPath, [command, ...args.split(" ")], {
      env: { PATH: "" },
      encoding: "utf8",
    });
    // Past its arguments, it misses what it is to read.
    expect(stderr).toMatch(/there is no pulumi on PATH|there is no such file/);
  },
);
