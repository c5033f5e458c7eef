import * as fs from "node:fs/promises";
import * as path from "node:path";

/** What tools leave in an SDK that is used where it stands; git ignores it. */
const LEFT_BY_TOOLS = /(^|\/)(bin|node_modules|__pycache__|[^/]+\.egg-info)(\/|$)/;

/** The files that two folders do not have alike, by their path within. */
export async function differences(one: string, other: string): Promise<string[]> {
  const names = new Set([...(await filesIn(one)), ...(await filesIn(other))]);
  const differs = await Promise.all(
    [...names].sort().map(async (name) => {
      const [here, there] = await Promise.all(
        [one, other].map((folder) => fs.readFile(path.join(folder, name)).catch(() => undefined)),
      );
      return here === undefined || there === undefined || !here.equals(there) ? [name] : [];
    }),
  );
  return differs.flat();
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !LEFT_BY_TOOLS.test(name));
}
