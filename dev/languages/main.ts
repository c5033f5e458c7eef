/** npm run languages: makes sure of all that programs in YAML, Python and Go need, and says where it is. */
import { Progress } from "../progress";
import { ensurePulumi } from "../pulumi-cli/ensurePulumi";
import { ensureGo } from "./ensureGo";
import { ensurePython } from "./ensurePython";
import { ensureYamlHost } from "./ensureYamlHost";

async function main(): Promise<void> {
  const progress = new Progress(process.stderr);
  const pulumi = await ensurePulumi({ progress });
  const tools: readonly [string, () => Promise<string>][] = [
    ["YAML", () => ensureYamlHost(pulumi, progress)],
    ["Python", () => ensurePython(progress)],
    ["Go", () => ensureGo(progress)],
  ];
  for (const [language, ensure] of tools) {
    try {
      console.log(`${language}: ${await ensure()}`);
    } catch (error) {
      // The other languages do not need it.
      console.error(`${language}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
