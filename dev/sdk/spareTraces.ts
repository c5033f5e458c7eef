import * as fs from "node:fs/promises";
import * as path from "node:path";
import { REPOSITORY } from "../workspace/packedPackage";

const NAME = "stackTraces.ts";
const SOURCE = path.join("provider/program", NAME);

/**
 * The one change to what Pulumi's generator makes: the SDK for Node.js spares its programs the stack
 * traces that the npm package's class spares them, by the same code. Without it an update without
 * changes takes longer by the plugin than by the dynamic resource.
 */
export async function spareTraces(nodeSdk: string): Promise<void> {
  const text = await fs.readFile(path.join(REPOSITORY, SOURCE), "utf8");
  const header = `// *** A copy of ${SOURCE}, made by npm run sdk. Do not edit. ***\n\n`;
  await fs.writeFile(path.join(nodeSdk, NAME), header + text);

  await change(path.join(nodeSdk, "batchAccountKeyRotation.ts"), [
    [LAST_IMPORT, `${LAST_IMPORT}import { traceUserCode } from "./stackTraces";\n`],
    [
      `        ${CALL}`,
      `        const restoreTraces = traceUserCode([__dirname]);
        try {
            ${CALL}        } catch (error) {
            restoreTraces(error);
            throw error;
        }
        restoreTraces();
`,
    ],
  ]);
  // What is installed has no sources that a map could lead to; a trace would lead out of its folder.
  await change(path.join(nodeSdk, "tsconfig.json"), [
    ['        "declarationMap": true,\n', ""],
    ['        "sourceMap": true,\n', ""],
  ]);
}

const LAST_IMPORT = 'import * as utilities from "./utilities";\n';
const CALL = "super(BatchAccountKeyRotation.__pulumiType, name, resourceInputs, opts);\n";

async function change(
  file: string,
  changes: readonly (readonly [before: string, after: string])[],
): Promise<void> {
  let text = await fs.readFile(file, "utf8");
  for (const [before, after] of changes) {
    if (text.split(before).length !== 2) {
      throw new Error(`Pulumi's generator has changed: not once in ${file}: ${before}`);
    }
    text = text.replace(before, () => after);
  }
  await fs.writeFile(file, text);
}
