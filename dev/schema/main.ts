/*
 * npm run schema: what is made of provider/schema.json and, in docs/reference, of the doc comments of
 * what users import. With --check it fails where a file differs from that.
 */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as prettier from "prettier";
import { REPOSITORY } from "../workspace/packedPackage";
import { referenceTables } from "./reference";
import { SCHEMA_FILE } from "./schema";
import {
  batchAccount,
  listingTypes,
  outputDeclarations,
  properties,
  rotationArgs,
} from "./sources";

const UPDATE = "npm run schema";

/** Files that are made as a whole. */
const SOURCES: Readonly<Record<string, () => string>> = {
  "provider/azure/arm/batchAccount.ts": batchAccount,
  "provider/program/batchAccountKeyRotationArgs.ts": rotationArgs,
  "provider/program/getBatchAccountsTypes.ts": listingTypes,
  "provider/rotation/properties.ts": properties,
};

/** Files of which a part is made, between two comments that name it. */
function parts(): Record<string, Readonly<Record<string, string>>> {
  return {
    "provider/program/batchAccountKeyRotation.ts": { outputs: outputDeclarations() },
    ...referenceTables(),
  };
}

async function main(checkOnly: boolean): Promise<void> {
  const files: [string, string][] = Object.entries(SOURCES).map(([file, make]) => [
    file,
    `// Made of ${SCHEMA_FILE} by "${UPDATE}": change it there.\n\n${make()}`,
  ]);
  for (const [file, made] of Object.entries(parts())) {
    const text = await fs.readFile(path.join(REPOSITORY, file), "utf8");
    files.push([file, Object.entries(made).reduce(replacePart(file), text)]);
  }
  for (const [file, text] of files) {
    const filepath = path.join(REPOSITORY, file);
    const options = await prettier.resolveConfig(filepath);
    const formatted = await prettier.format(text, { ...options, filepath });
    if (formatted === (await fs.readFile(filepath, "utf8").catch(() => ""))) continue;
    if (!checkOnly) {
      await fs.writeFile(filepath, formatted);
      continue;
    }
    process.exitCode = 1;
    console.error(`${file} is not what "${UPDATE}" makes of its sources: run it and commit.`);
  }
}

const replacePart =
  (file: string) =>
  (text: string, [name, made]: [string, string]) => {
    const part = new RegExp(`^(.*\\bbegin: ${name}, .*\n)[^]*?(^.*\\bend: ${name}\\b.*$)`, "m");
    if (!part.test(text)) {
      throw new Error(`${file} has no comments "begin: ${name}, …", "end: ${name}".`);
    }
    return text.replace(part, (_all, begin: string, end: string) => `${begin}\n${made}\n\n${end}`);
  };

main(process.argv.includes("--check")).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
