import { builtPlugin } from "../../dev/workspace/plugin";
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
    const { tarball } = builtPlugin();
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
