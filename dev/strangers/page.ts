import * as fs from "node:fs/promises";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { findPlugin } from "../pulumi-cli/plugins";
import { REPOSITORY } from "../workspace/packedPackage";
import { cells, type Outcome } from "./outcome";

const PAGE = path.join(REPOSITORY, "docs/reference/compatibility.md");

const HEADINGS = [
  "Project",
  "Installer",
  "Node.js",
  "`@pulumi/pulumi`",
  "Program",
  "What is particular",
  "Outcome",
];

/** Writes docs/reference/compatibility.md. */
export async function writePage(
  outcomes: readonly Outcome[],
  pulumi: PulumiInstallation,
): Promise<void> {
  const rows = [HEADINGS, HEADINGS.map(() => "---"), ...outcomes.map(cells)];
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const text = `${await introduction(pulumi)}\n${table}\n\n${NOTES}`;
  const options = { ...(await resolveConfig(PAGE)), parser: "markdown" };
  await fs.writeFile(PAGE, await format(text, options));
}

async function introduction({ executable, version }: PulumiInstallation): Promise<string> {
  const host = await findPlugin(executable, "pulumi-language-nodejs", process.env);
  const isStandIn =
    host !== undefined && (await fs.realpath(host)).startsWith(path.join(REPOSITORY, "dev"));
  return `# Compatibility

\`npm run strangers\` has written this page on ${new Date().toISOString().slice(0, 10)}, on ${process.platform}; nothing
here is typed by hand. Each row is a project in a folder of its own, into which the packed package was
installed. Then the Pulumi CLI ${version} ran \`preview\`, \`up\`, \`up\` with a larger \`version\`, \`refresh\` and
\`destroy\` against the [simulator](simulator.md), and this package ran its \`status\`. In each row that works,
each key was regenerated once, in turn. A row that fails was seen to fail as it tells. The versions are
those that were there. ${isStandIn ? STAND_IN : "The language host was Pulumi's own."}
`;
}

const STAND_IN =
  "Pulumi's language host could not be had: a stand-in started the SDK's own program runner in its place, with the `node` that is first on `PATH`.";

const NOTES = `## What to know

- **Node.js 20.** \`@pulumi/pulumi\` asks for Node.js 22 since 3.249.0 in its \`engines\`, and so do the newest
  \`@azure\` packages that this package depends on. npm takes older ones by itself; pnpm and bun take the
  newest; they work on Node.js 20 all the same. yarn classic refuses them: run
  \`yarn install --ignore-engines\`, or take Node.js 22.
- **pnpm 12** ends with an error until somebody has decided about the install script of \`protobufjs\`, which
  Pulumi's SDK brings: \`pnpm approve-builds\`, or, as in these projects, in \`pnpm-workspace.yaml\`:

  \`\`\`yaml
  allowBuilds:
    protobufjs: false
  \`\`\`

- **Yarn's Plug'n'Play** needs its hook in every process that Pulumi starts, of the program and of the
  provider: set \`NODE_OPTIONS="--require ./.pnp.cjs"\` for \`pulumi\`. Programs that are ES modules were not tried
  with it.
- **A bundle** does not replace the package: what stands in state [requires it by
  name](../guides/upgrade-and-remove.md), so it stays installed beside the bundle.
- **\`packagemanager\`** in Pulumi.yaml is for \`pulumi install\` and \`pulumi new\`. They were not run; the package
  manager itself was.
- **Not tried:** \`runtime: bun\`, in which Bun runs the program; Windows; macOS.

Types are found by \`moduleResolution\` \`node10\`, \`node16\`, \`nodenext\` and \`bundler\`, for every entry point. Those of
\`/components\` name azure-native's: without \`@pulumi/azure-native\`, set \`skipLibCheck\`.
`;
