import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

export const REPOSITORY = path.resolve(__dirname, "../..");
export const PACKAGE_NAME = "pulumi-azure-batch-key-rotation";

export const CACHE = path.join(REPOSITORY, "node_modules", ".cache", PACKAGE_NAME);

/**
 * The package as `npm publish` would send it, from the dist/ that is there. It is packed once for
 * a build, and kept: every test file and the demo want the same tarball, and npm takes a second.
 */
export async function packPackage(): Promise<string> {
  const dist = path.join(REPOSITORY, "dist");
  if (!existsSync(dist)) {
    throw new Error(`${PACKAGE_NAME} is not built: there is no dist/. Run "npm run build".`);
  }
  const tarball = path.join(CACHE, `${await fingerprint(dist)}.tgz`);
  if (!existsSync(tarball)) await pack(tarball);
  return tarball;
}

/** Changes whenever a build writes dist/ anew, or package.json says something else. */
async function fingerprint(dist: string): Promise<string> {
  const files = (await fs.readdir(dist, { recursive: true })).sort();
  const hash = createHash("sha256");
  for (const file of [path.join(REPOSITORY, "package.json"), ...files]) {
    const { size, mtimeMs } = await fs.stat(path.resolve(dist, file));
    hash.update(JSON.stringify([file, size, mtimeMs]));
  }
  return hash.digest("hex").slice(0, 16);
}

async function pack(tarball: string): Promise<void> {
  await fs.mkdir(CACHE, { recursive: true });
  const folder = await fs.mkdtemp(path.join(CACHE, "packing-"));
  try {
    // No scripts: a build would change the dist/ at hand under the tests that use it.
    await promisify(execFile)("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
      cwd: REPOSITORY,
    });
    const [file] = await fs.readdir(folder);
    if (file === undefined) throw new Error(`"npm pack" in ${REPOSITORY} left no tarball.`);
    // In one step: two test files that pack at the same time put the same thing there.
    await fs.rename(path.join(folder, file), tarball);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}
