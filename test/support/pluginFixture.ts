import * as fs from "node:fs/promises";
import * as path from "node:path";
import { REPOSITORY } from "../../dev/workspace/packedPackage";
import { version } from "../../package.json";
import { PACKAGE } from "../../provider/hosts/plugin/configuration";
import { EngineFixture } from "./engineFixture";

/** A project on an empty stack, with the provider plugin installed as a user installs it. */
export async function startWithPlugin(
  project: string,
  environment: Record<string, string> = {},
): Promise<EngineFixture> {
  const engine = await EngineFixture.start({ project, environment });
  try {
    const tarball = await builtPlugin();
    await engine.workspace.pulumi([
      ...["plugin", "install", "resource", PACKAGE, version],
      ...["--file", tarball],
    ]);
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** The tarball, which the test command has made sure of. */
export async function builtPlugin(): Promise<string> {
  const name = `pulumi-resource-${PACKAGE}-v${version}.tar.gz`;
  const tarball = path.join(REPOSITORY, "dist/plugin", name);
  await fs.access(tarball).catch(() => {
    throw new Error(`${tarball} is missing: run "npm run build && npm run plugin"`);
  });
  return tarball;
}
