import { ARM_BUDGET, type BudgetUse } from "./budget";
import { KEY_NAMES, type Observation, type ObservedKey } from "./observe";

/** How the demo went, in numbers. */
export interface DemoResult {
  /** Keys that Pulumi had regenerated. */
  readonly rotations: number;
  readonly budgetUse: BudgetUse;
  /** Requests that Resource Manager refused because the budget was spent. */
  readonly throttled: number;
  /** Sign-ins with the current key: the application's, and one more after each step. */
  readonly signIns: number;
  /** How many of them did not succeed. */
  readonly failedSignIns: number;
  /** What went wrong, in sentences; none if all is well. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Colours a text, or leaves it as it is. */
export type Paint = (text: string, colour: Colour) => string;
type Colour = keyof typeof CODES;

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

export const colourful: Paint = (text, colour) =>
  `\u001b[${String(CODES[colour])}m${text}\u001b[0m`;
export const plain: Paint = (text) => text;

/** Together with the gaps 79 characters, which a terminal of the usual 80 shows on one line. */
const COLUMNS = [
  { heading: "Step", width: 14 },
  { heading: "Pulumi said", width: 18 },
  { heading: "Rotated", width: 9 },
  { heading: "Primary", width: 8 },
  { heading: "Secondary", width: 9 },
  { heading: "currentKey", width: 11 },
];
const GAP = "  ";

interface Cell {
  readonly text: string;
  readonly colour?: Colour;
}

export function introduction(pulumiVersion: string, paint: Paint): string {
  return [
    "",
    paint("Rotating the keys of an Azure Batch account with Pulumi", "bold"),
    "",
    `Pulumi ${pulumiVersion} is the real CLI; its state is in a temporary folder.`,
    "The program is examples/quickstart, as you would run it with your own account.",
    "Azure is simulated in this process: no account is needed, no request goes out.",
    "",
    "  ┌─ Batch account ─┐",
    "  │  current key    │◀── your application signs in with it, here all the time",
    "  │  spare key      │◀── Pulumi regenerates it, tries it, and then the two",
    "  └─────────────────┘    change places: Primary, Secondary, Primary, ...",
    "",
    `  ${paint("✓", "green")} 1f2e3d  a request signed with this key (its SHA-256 begins so) gets in;`,
    `  ${paint("✗", "red")}         Batch refuses it. Microsoft's @azure/batch signs and sends.`,
    "  v2, v3    the stack's keyVersion: changing it is what asks for a rotation",
    "  by hand   somebody regenerates the spare key in the Azure portal",
    "",
  ].join("\n");
}

export function tableHeading(paint: Paint): string {
  const heading = line(
    COLUMNS.map(({ heading: text }) => ({ text, colour: "bold" })),
    paint,
  );
  return `${heading}\n${paint(COLUMNS.map(({ width }) => "─".repeat(width)).join(GAP), "dim")}`;
}

export function row(title: string, found: Observation, paint: Paint): string {
  const { said, rotated, keys, current } = found;
  const cells: Cell[] = [
    { text: title },
    { text: said },
    rotated.length > 0 ? { text: rotated.join("+"), colour: "yellow" } : NOTHING,
    ...KEY_NAMES.map((name) => keyCell(keys[name], rotated.includes(name))),
    current === undefined
      ? NOTHING
      : { text: `${current.name} ${mark(current)}`, colour: current.works ? "green" : "red" },
  ];
  return line(cells, paint);
}

export function summary(result: DemoResult, paint: Paint): string {
  const { rotations, budgetUse, throttled, signIns, failedSignIns, problems, seconds } = result;
  const { reads, writes, writesPerSecond } = ARM_BUDGET;
  const facts: readonly (readonly [string, string, Colour?])[] = [
    ["Rotations by Pulumi", String(rotations)],
    [
      "ARM writes used",
      `${String(budgetUse.writes)} of ${String(writes)} (and ${String(writesPerSecond)} more every second)`,
    ],
    ["ARM reads used", `${String(budgetUse.reads)} of ${String(reads)}`],
    ["Requests throttled", String(throttled)],
    ["Sign-ins with the current key", String(signIns)],
    [
      "Times the current key did not work",
      String(failedSignIns),
      failedSignIns === 0 ? "green" : "red",
    ],
  ];
  const verdict =
    problems.length === 0
      ? paint(
          `Every step went as expected, in ${seconds.toFixed(0)} seconds. Nothing was left behind.`,
          "green",
        )
      : [paint("The demo failed:", "red"), ...problems.map((problem) => `  ${problem}`)].join("\n");
  return [
    "",
    ...facts.map(([name, value, colour]) => {
      return `  ${name.padEnd(36)}${colour ? paint(value, colour) : value}`;
    }),
    "",
    verdict,
    "",
  ].join("\n");
}

const NOTHING: Cell = { text: "–", colour: "dim" };

function keyCell(key: ObservedKey, isNew: boolean): Cell {
  const colour = !key.works ? "red" : isNew ? "yellow" : undefined;
  return { text: `${mark(key)} ${key.fingerprint.slice(0, 6)}`, ...(colour && { colour }) };
}

function mark({ works }: ObservedKey): string {
  return works ? "✓" : "✗";
}

/** Pads before painting: the codes of colours have no width on a screen. */
function line(cells: readonly Cell[], paint: Paint): string {
  return COLUMNS.map(({ width }, index) => {
    const { text, colour } = cells[index] ?? { text: "" };
    const isLast = index === COLUMNS.length - 1;
    const padded = isLast ? text : text.padEnd(width);
    return colour ? paint(padded, colour) : padded;
  }).join(GAP);
}
