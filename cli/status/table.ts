import { createColors } from "picocolors";
import stringWidth from "string-width";
import { describeTimeLeft } from "../../provider/rotation/duration";
import { isTrouble, nextEvent, type RotationStatus } from "./rotationStatus";
import type { Terminal } from "./terminal";

interface Column {
  readonly title: string;
  readonly cell: (rotation: RotationStatus, now: Date) => string;
  /** A terminal that is too narrow for all columns loses that of the lowest rank first. */
  readonly rank: number;
}

const ABSENT = "–";
const SECRET = "(secret)";
const GAP = "  ";
const NEVER_LEFT_OUT = 9;

const STATUS: Column = { title: "Status", rank: NEVER_LEFT_OUT, cell: ({ status }) => status };
const ACCOUNT: Column = {
  title: "Account",
  rank: NEVER_LEFT_OUT,
  cell: ({ accountName, resourceName }) => accountName ?? resourceName,
};
/** Shown where accounts of one name are in several. */
const RESOURCE_GROUP: Column = {
  title: "Resource group",
  rank: 6,
  cell: ({ resourceGroupName }) => resourceGroupName ?? ABSENT,
};
/** Shown where there are several. */
const STACK: Column = {
  title: "Stack",
  rank: 5,
  cell: ({ project, stack }) => `${project}/${stack}`,
};
const REST: readonly Column[] = [
  {
    title: "Current key",
    rank: 7,
    cell: (rotation) => orSecret(rotation, "currentKeyName", rotation.currentKeyName),
  },
  {
    title: "Fingerprint",
    rank: 1,
    cell: (rotation) =>
      orSecret(rotation, fingerprintName(rotation), rotation.currentKeyFingerprint),
  },
  {
    title: "Generation",
    rank: 2,
    cell: (rotation) => orSecret(rotation, "generation", rotation.generation),
  },
  { title: "Age", rank: 4, cell: age },
  { title: "Next", rank: 8, cell: next },
  {
    title: "Verification",
    rank: 3,
    cell: (rotation) => orSecret(rotation, "keyVerification", rotation.keyVerification),
  },
];

function orSecret(
  { secretProperties }: RotationStatus,
  name: string,
  value: string | number | null,
): string {
  if (value !== null) return String(value);
  return secretProperties.includes(name) ? SECRET : ABSENT;
}

function fingerprintName({ currentKeyName }: RotationStatus): string {
  return currentKeyName === null
    ? "currentKeyName"
    : `${currentKeyName.toLowerCase()}KeyFingerprint`;
}

/** Of a key that was adopted, one knows for how long at least. */
function age(rotation: RotationStatus, now: Date): string {
  const { currentKeySince, generation } = rotation;
  if (currentKeySince === null) return orSecret(rotation, "rotationDecidedAt", null);
  const time = describeTimeLeft(now.getTime() - Date.parse(currentKeySince), 1);
  return generation === 0 ? `> ${time}` : time;
}

function next(rotation: RotationStatus, now: Date): string {
  const event = nextEvent(rotation);
  if (event !== undefined) {
    const left = Date.parse(event.at) - now.getTime();
    const time = describeTimeLeft(Math.abs(left), 1);
    return left > 0 ? `${event.kind} in ${time}` : `${event.kind} ${time} late`;
  }
  const decisive = ["rotateAfter", "rotationDecidedAt", "revokePreviousAfter"];
  if (decisive.some((name) => rotation.secretProperties.includes(name))) return SECRET;
  return rotation.currentKeySince === null ? ABSENT : "by version";
}

/** A table of rotations, in the order that they come in, that fits the terminal. */
export function formatTable(
  rotations: readonly RotationStatus[],
  now: Date,
  { width, hasColours }: Terminal,
): string {
  const columns = fittingColumns(
    columnsFor(rotations).map((column) => ({
      ...column,
      cells: rotations.map((rotation) => printable(column.cell(rotation, now))),
    })),
    width,
  );
  const { red, yellow, green, dim } = createColors(hasColours);
  const line = (texts: readonly string[], paint = (cell: string) => cell) => {
    const [first = "", ...others] = texts.map((text, index) =>
      fit(text, columns[index]?.width ?? 0),
    );
    return [paint(first), ...others].join(GAP).trimEnd();
  };
  return [
    line(columns.map(({ title }) => title)),
    dim(line(columns.map((column) => "─".repeat(column.width)))),
    ...rotations.map((rotation, row) => {
      const paint = isTrouble(rotation) ? red : rotation.status === "Due" ? yellow : green;
      const cells = columns.map((column) => column.cells[row] ?? "");
      return line(cells, paint);
    }),
  ].join("\n");
}

function columnsFor(rotations: readonly RotationStatus[]): readonly Column[] {
  const count = (names: readonly unknown[]) => new Set(names).size;
  const accounts = count(rotations.map(({ accountId }) => accountId?.toLowerCase()));
  const names = count(rotations.map(({ accountName }) => accountName?.toLowerCase()));
  const stacks = count(rotations.map(({ project, stack }) => `${project}/${stack}`));
  return [
    STATUS,
    ACCOUNT,
    ...(accounts > names ? [RESOURCE_GROUP] : []),
    ...REST,
    ...(stacks > 1 ? [STACK] : []),
  ];
}

interface FilledColumn extends Column {
  readonly cells: readonly string[];
}

interface FittedColumn extends FilledColumn {
  readonly width: number;
}

/** Cuts long names, then leaves columns out, until a line fits. */
function fittingColumns(columns: readonly FilledColumn[], width: number): FittedColumn[] {
  let fitted = columns.map((column) => ({ ...column, width: widthOf(column) }));
  if (total(fitted) > width) fitted = fitted.map((column) => cutTo(LONGEST_NAME, column));
  while (total(fitted) > width && fitted.some(({ rank }) => rank < NEVER_LEFT_OUT)) {
    const lowest = fitted.reduce((one, another) => (another.rank < one.rank ? another : one));
    fitted = fitted.filter((column) => column !== lowest);
  }
  const excess = total(fitted) - width;
  if (excess <= 0) return fitted;
  return fitted.map((column) => cutTo(Math.max(SHORTEST_NAME, column.width - excess), column));
}

/** An account's name is not longer; one of a resource, which stands for it, can be. */
const LONGEST_NAME = 24;
/** Shorter, it tells nothing. */
const SHORTEST_NAME = 8;

function cutTo(width: number, column: FittedColumn): FittedColumn {
  return column.title === ACCOUNT.title
    ? { ...column, width: Math.min(width, column.width) }
    : column;
}

function widthOf({ title, cells }: FilledColumn): number {
  return cells.reduce((widest, cell) => Math.max(widest, stringWidth(cell)), title.length);
}

function total(columns: readonly FittedColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
}

function fit(text: string, width: number): string {
  const missing = width - stringWidth(text);
  if (missing >= 0) return text + " ".repeat(missing);
  let cut = "";
  for (const character of text) {
    if (stringWidth(cut + character) >= width) break;
    cut += character;
  }
  return fit(`${cut}…`, width);
}

/** A name in state may be anything: nothing in it moves the cursor. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
