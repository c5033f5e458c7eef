import { type CommandContext, runCommand } from "../workspace/command";
import { type Installer, INSTALLERS } from "./installers";
import type { StrangersProject } from "./project";

/** What was really there, as each says of itself. */
export interface Versions {
  readonly installer: string;
  readonly node: string;
  /** Undefined where nothing could be installed, or found. */
  readonly sdk: string | undefined;
  /** The project's own, if it has one. */
  readonly typescript: string | undefined;
}

const SCRIPT = `
const version = (name) => {
  try {
    return require(name + "/package.json").version;
  } catch {
    return undefined;
  }
};
console.log(JSON.stringify({
  node: process.versions.node,
  sdk: version("@pulumi/pulumi"),
  typescript: version("typescript"),
}));
`;

/** Asks the project's Node.js, in the folder of its program. */
export async function readVersions(
  { installer, language }: StrangersProject,
  context: Omit<CommandContext, "executable">,
): Promise<Versions> {
  const { command, node: [executable, ...args] = ["node"] }: Installer = INSTALLERS[installer];
  const [asked, told] = await Promise.all([
    runCommand({ executable: command, ...context }, ["--version"]),
    runCommand({ executable, ...context }, [...args, "--eval", SCRIPT]),
  ]);
  const { node = "", sdk, typescript } = JSON.parse(told.stdout) as Partial<Record<string, string>>;
  return {
    installer: asked.stdout.trim(),
    node,
    sdk,
    typescript: language === "TypeScript" ? typescript : undefined,
  };
}
