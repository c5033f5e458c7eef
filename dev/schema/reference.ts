import { type Member, PublicTypes } from "./publicTypes";
import {
  describe,
  listing,
  type Properties,
  type PropertySpec,
  referredTo,
  rotation,
  settings,
  valuesOf,
} from "./schema";
import { typeOf } from "./typescript";

/* The tables of docs/reference, and that of the plugin's configuration. */

type Row = readonly string[];

/** The tables of each page, by the name in the comments around them. */
export function referenceTables(): Record<string, Readonly<Record<string, string>>> {
  const components = new PublicTypes("components/index.ts");
  const simulator = new PublicTypes("simulator/index.ts");
  const ofComponent = (name: string) => ({
    [`${name} arguments`]: argumentsTable(components.members(`${name}Args`)),
    [`${name} outputs`]: membersTable("Output", components.members(name)),
  });
  return {
    "docs/reference/arguments-and-outputs.md": {
      arguments: rotationArguments(),
      outputs: rotationOutputs(),
    },
    "docs/reference/data-source.md": {
      arguments: argumentsTable(described(listing.inputs.properties)),
    },
    "docs/guides/plugin.md": {
      configuration: argumentsTable(described(settings), "Setting"),
    },
    "docs/reference/components.md": {
      ...ofComponent("RotatedBatchAccount"),
      ...ofComponent("BatchKeyVaultSecret"),
      ...ofComponent("SubscriptionKeyRotation"),
    },
    "docs/reference/simulator.md": {
      options: argumentsTable(simulator.members("SimulatorOptions"), "Option"),
      simulator: membersTable("Member", simulator.members("Simulator")),
      account: membersTable("Member", simulator.members("SimulatedAccount")),
      vault: membersTable("Member", simulator.members("SimulatedVault")),
      faults: membersTable("`fault.kind`", simulator.kinds("Fault"), "What happens"),
    },
  };
}

function described(properties: Properties): Member[] {
  return Object.entries(properties).map(([name, spec]) => ({ name, ...describe(spec) }));
}

function rotationArguments(): string {
  const rows = Object.entries(rotation.inputProperties).map(([name, spec]) => {
    const { text, whenAbsent } = describe(spec);
    const type = typeIn(spec, (plain) => (spec.plain === true ? plain : `Input<${plain}>`));
    return [code(name), type, defaultIn(whenAbsent), text];
  });
  return table(["Argument", "Type", "Default", "Meaning"], rows);
}

function rotationOutputs(): string {
  const rows = Object.entries(rotation.properties)
    .filter(([name]) => !(name in rotation.inputProperties))
    .map(([name, spec]) => {
      const secret = spec.secret === true ? ", secret" : "";
      const absent = rotation.required?.includes(name) === true ? "" : ", or absent";
      return [code(name), typeIn(spec) + secret + absent, describe(spec).text];
    });
  return table(["Output", "Type", "Meaning"], rows);
}

/** An enum's values, or the type. */
function typeIn(spec: PropertySpec, wrap = (type: string) => type): string {
  const name = referredTo(spec);
  const values = name === undefined ? undefined : valuesOf(name);
  return values?.map((value) => code(JSON.stringify(value))).join(" ") ?? code(wrap(typeOf(spec)));
}

function argumentsTable(members: readonly Member[], title = "Argument"): string {
  const rows = members.map(({ name, text, whenAbsent }) => [
    code(name),
    defaultIn(whenAbsent),
    text,
  ]);
  return table([title, "Default", "Meaning"], rows);
}

function membersTable(title: string, members: readonly Member[], meaning = "Meaning"): string {
  return table(
    [title, meaning],
    members.map(({ name, text }) => [code(name), text]),
  );
}

/** A value stands in code marks, words do not. */
function defaultIn(whenAbsent = ""): string {
  return /^("[^"]*"|[\w.]+|\[.*\])$/.test(whenAbsent) && whenAbsent !== "none"
    ? code(whenAbsent)
    : whenAbsent;
}

const code = (text: string) => `\`${text}\``;

function table(titles: Row, rows: readonly Row[]): string {
  const line = (cells: Row) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}
