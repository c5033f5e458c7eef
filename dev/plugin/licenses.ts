import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Metafile } from "esbuild";
import { REPOSITORY } from "../workspace/packedPackage";

/** A package's folder, at the beginning of the path of one of its files; nested ones, too. */
const FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** How packages call the files that have to go with every copy of them. */
const LEGAL = /^(licen[cs]e|copying|notice)/i;

/**
 * The licenses of the packages that a bundle has code of: they ask to be handed on with it.
 * @throws Error that names a package without one.
 */
export async function licensesOf({ inputs }: Metafile): Promise<string> {
  const folders = Object.keys(inputs).flatMap((input) => FOLDER.exec(input) ?? []);
  const texts = await Promise.all([...new Set(folders)].sort().map(licenseIn));
  return [...new Set(texts)].join(`\n${"-".repeat(80)}\n\n`);
}

async function licenseIn(folder: string): Promise<string> {
  const absolute = path.join(REPOSITORY, folder);
  const manifest = await fs.readFile(path.join(absolute, "package.json"), "utf8");
  const { name, version, license } = JSON.parse(manifest) as Record<string, string>;
  const files = (await fs.readdir(absolute)).filter((file) => LEGAL.test(file)).sort();
  if (files.length === 0) throw new Error(`${folder} has no license to hand on`);
  const texts = await Promise.all(
    files.map((file) => fs.readFile(path.join(absolute, file), "utf8")),
  );
  const title = `${String(name)} ${String(version)} (${String(license)})`;
  return [title, ...texts.map((text) => text.trim())].join("\n\n") + "\n";
}
