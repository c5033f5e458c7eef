import * as fs from "node:fs/promises";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { REPOSITORY } from "../workspace/packedPackage";
import { drawChart, type Chart } from "./chart";
import type { Row } from "./measurement";
import { machine, markdownTable } from "./report";

const DOCUMENT = path.join(REPOSITORY, "docs/performance.md");
const PICTURE = "performance.svg";

/** Writes docs/performance.md with its picture. */
export async function writeDocuments(
  rows: readonly Row[],
  chart: Chart,
  pulumiVersion: string,
): Promise<void> {
  const text = `# Performance

\`npm run bench\` has written this page on ${new Date().toISOString().slice(0, 10)}; nothing here is
typed by hand. Measured on ${machine(pulumiVersion)}, against the embedded simulator of Azure in a
process of its own: there is no network in these numbers.

Each row is this package beside what one would otherwise run, by turns in one run. The value on the
right is the median of the pairs, with the lowest and the highest: it is what can be compared between
machines, the times cannot.

${markdownTable(rows)}

![${chart.title}](${PICTURE})

An "empty dynamic resource" is Pulumi's own dynamic resource with a provider that does nothing, as
anybody would write it. One that "keeps as much in state" has a rotation's properties in state and a
provider's text of the same length, asks nobody for keys, and is spared the SDK's stack traces while it is
made, as a rotation is. \`pulumi up\` runs without its preview here.

[The decision on speed](decisions/0019-speed-and-where-it-ends.md) says where the time goes where a goal is missed.
`;
  const options = { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT };
  await fs.writeFile(DOCUMENT, await format(text, options));
  await fs.writeFile(path.join(path.dirname(DOCUMENT), PICTURE), drawChart(chart));
}
