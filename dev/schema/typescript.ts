import {
  describe,
  type ObjectSpec,
  openEnum,
  type PropertySpec,
  referredTo,
  typeNamed,
  type TypeSpec,
  valuesOf,
} from "./schema";

/* What the schema says, in TypeScript. Prettier makes it readable. */

/** A doc comment; Prettier puts it where it belongs, but leaves its lines as they are. */
export function comment(text: string, { whenAbsent = "", indent = 0 } = {}): string {
  const paragraphs = text.split("\n\n").filter((paragraph) => paragraph !== "");
  const tag = whenAbsent === "" ? [] : wrapped(`@default ${whenAbsent}`, 97 - indent);
  const lines = paragraphs.flatMap((paragraph, index) => [
    ...(index === 0 ? [] : [""]),
    ...wrapped(paragraph, 97 - indent),
  ]);
  const [first = ""] = lines;
  if (lines.length === 0 && tag.length === 0) return "";
  if (lines.length === 1 && tag.length === 0 && first.length + 7 + indent <= 100) {
    return `/** ${first} */\n`;
  }
  return `/**\n${[...lines, ...tag].map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

/** Breaks a text into lines, nowhere within code marks. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

export function typeOf(spec: TypeSpec): string {
  const known = openEnum(spec);
  if (known !== undefined) return `Open<${union(valuesOf(known) ?? [])}>`;
  if (spec.oneOf !== undefined) return spec.oneOf.map(typeOf).join(" | ");
  if (spec.items !== undefined) return `readonly ${typeOf(spec.items)}[]`;
  if (spec.additionalProperties !== undefined) {
    return `Readonly<Record<string, ${typeOf(spec.additionalProperties)}>>`;
  }
  return referredTo(spec) ?? (spec.type === "integer" ? "number" : String(spec.type));
}

const union = (values: readonly string[]) => values.map((each) => JSON.stringify(each)).join(" | ");

/** The declaration of a type of the schema. */
export function declaration(name: string, prefix: "" | "export " = "export "): string {
  const values = valuesOf(name);
  const type = typeNamed(name);
  return (
    comment(type.description ?? "") +
    ("properties" in type
      ? `${prefix}interface ${name} {\n${members(type)}\n}`
      : `${prefix}type ${name} = ${union(values ?? [])};`)
  );
}

/** An interface's properties. */
export function members(
  { properties, required = [] }: ObjectSpec,
  { type = typeOf, documented = true }: MemberOptions = {},
): string {
  return Object.entries(properties)
    .map(([name, spec]) => {
      const { text, whenAbsent } = describe(spec);
      const mark = required.includes(name) ? "" : "?";
      return (
        (documented ? comment(text, { whenAbsent, indent: 2 }) : "") +
        `readonly ${name}${mark}: ${type(spec)};`
      );
    })
    .join("\n");
}

interface MemberOptions {
  readonly type?: (spec: PropertySpec) => string;
  readonly documented?: boolean;
}
