import {
  COMMON_JS,
  ES_MODULE,
  pulumiYaml,
  TSCONFIG_BEFORE_2026,
  TSCONFIG_SINCE_2026,
  TYPE_SCRIPT,
} from "./files";
import { INSTALLERS } from "./installers";
import type { StrangersProject } from "./project";

/** The oldest and the newest SDK of the peer range, and the one that is as old as the tested CLI. */
const OLDEST = "3.139.0";
const NEWEST = "^3";
const CLI = "3.259.0";

const TYPESCRIPT = { typescript: "^5", "@types/node": "^20" };

const JAVASCRIPT_FILES = { "Pulumi.yaml": pulumiYaml(), "index.js": COMMON_JS };
const TYPESCRIPT_FILES = { "Pulumi.yaml": pulumiYaml(), "index.ts": TYPE_SCRIPT };

const JAVASCRIPT = {
  language: "JavaScript",
  modules: "CommonJS",
  files: JAVASCRIPT_FILES,
} as const;

const TEMPLATE_BEFORE_2026 = {
  language: "TypeScript",
  modules: "CommonJS",
  files: { ...TYPESCRIPT_FILES, "tsconfig.json": TSCONFIG_BEFORE_2026 },
  packages: TYPESCRIPT,
  packageJson: { main: "index.ts" },
} as const;

const TEMPLATE_SINCE_2026 = {
  ...TEMPLATE_BEFORE_2026,
  files: { ...TYPESCRIPT_FILES, "tsconfig.json": TSCONFIG_SINCE_2026 },
} as const;

const ES_TYPESCRIPT = {
  language: "TypeScript",
  modules: "ES modules",
  files: { ...TYPESCRIPT_FILES, "tsconfig.json": TSCONFIG_SINCE_2026 },
  packages: { ...TYPESCRIPT, "ts-node": "^10" },
  packageJson: { main: "index.ts" },
} as const;

const HOISTED_WORKSPACE = {
  ...ES_TYPESCRIPT,
  programFolder: "packages/infrastructure",
  files: inFolder("packages/infrastructure", ES_TYPESCRIPT.files, {
    "package.json": workspaceRoot(["packages/*"]),
  }),
  special: "A workspace, whose packages are hoisted to its root",
} as const;

const PLUG_N_PLAY_HOOK = { NODE_OPTIONS: "--require ./.pnp.cjs" };

/** Every project of the table, in its order. */
export const PROJECTS: readonly StrangersProject[] = [
  {
    name: "npm",
    installer: "npm",
    node: 20,
    sdk: NEWEST,
    ...JAVASCRIPT,
    special: "The package and the SDK, and nothing else",
  },
  {
    name: "oldest-sdk",
    installer: "npm",
    node: 20,
    sdk: OLDEST,
    ...JAVASCRIPT,
    special: "The oldest SDK of the peer range",
  },
  {
    name: "template-before-2026",
    installer: "npm",
    node: 20,
    sdk: CLI,
    ...TEMPLATE_BEFORE_2026,
    special: "Pulumi's template until March 2026: `module: commonjs`, `moduleResolution: node`",
  },
  {
    name: "template-before-2026-oldest-sdk",
    installer: "npm",
    node: 20,
    sdk: OLDEST,
    ...TEMPLATE_BEFORE_2026,
    special: "The same with the oldest SDK",
  },
  {
    name: "template-since-2026",
    installer: "npm",
    node: 24,
    sdk: NEWEST,
    ...TEMPLATE_SINCE_2026,
    special: "Pulumi's template since March 2026: `module: nodenext`",
  },
  {
    name: "typescript-6",
    installer: "npm",
    node: 22,
    sdk: NEWEST,
    ...TEMPLATE_SINCE_2026,
    packages: { ...TYPESCRIPT, typescript: "^6" },
    special: "The same with TypeScript 6",
  },
  {
    name: "no-tsconfig",
    installer: "npm",
    node: 22,
    sdk: NEWEST,
    language: "TypeScript",
    modules: "CommonJS",
    files: TYPESCRIPT_FILES,
    packages: TYPESCRIPT,
    special: "No tsconfig.json at all",
  },
  {
    name: "no-typescript",
    installer: "npm",
    node: 22,
    sdk: CLI,
    language: "TypeScript",
    modules: "CommonJS",
    files: TYPESCRIPT_FILES,
    special: "No tsconfig.json and no TypeScript of its own: the SDK brings one",
  },
  {
    name: "es-module",
    installer: "npm",
    node: 24,
    sdk: NEWEST,
    language: "JavaScript",
    modules: "ES modules",
    files: { "Pulumi.yaml": pulumiYaml(), "index.js": ES_MODULE },
    special: "`type: module`",
  },
  {
    name: "es-module-typescript",
    installer: "npm",
    node: 22,
    sdk: NEWEST,
    ...ES_TYPESCRIPT,
    special: "`type: module` with ts-node 10, by which the SDK keeps ES modules",
  },
  {
    name: "tsx",
    installer: "npm",
    node: 22,
    sdk: CLI,
    ...ES_TYPESCRIPT,
    files: {
      "Pulumi.yaml": pulumiYaml({ typescript: false, nodeargs: "--import tsx" }),
      "index.ts": TYPE_SCRIPT,
    },
    packages: { tsx: "^4" },
    special: "tsx in the place of ts-node: `typescript: false`, `nodeargs: --import tsx`",
  },
  {
    name: "esbuild",
    installer: "npm",
    node: 22,
    sdk: CLI,
    language: "TypeScript",
    modules: "CommonJS",
    files: TYPESCRIPT_FILES,
    packages: { esbuild: "^0.28.2" },
    packageJson: { main: "bundle/index.js" },
    commands: [
      [
        "esbuild",
        "index.ts",
        "--bundle",
        "--platform=node",
        "--external:@pulumi/pulumi",
        "--outfile=bundle/index.js",
      ],
    ],
    special: "A bundle of esbuild's with this package in it; the SDK stays outside",
  },
  {
    name: "every-entry-point",
    installer: "npm",
    node: 22,
    sdk: CLI,
    ...TEMPLATE_BEFORE_2026,
    packages: { ...TYPESCRIPT, "@pulumi/azure-native": "^3", "@peculiar/x509": "^1.14.0" },
    commands: [["tsc", "--noEmit"]],
    special: "Both optional peers, and `tsc` looks into every declaration",
  },
  {
    name: "npm-workspaces",
    installer: "npm",
    node: 22,
    sdk: CLI,
    ...HOISTED_WORKSPACE,
  },
  {
    name: "main-in-subfolder",
    installer: "npm",
    node: 22,
    sdk: CLI,
    ...JAVASCRIPT,
    files: { "Pulumi.yaml": pulumiYaml({}, "main: source\n"), "source/index.js": COMMON_JS },
    special: "`main: source` in Pulumi.yaml; package.json beside it",
  },
  {
    name: "package-in-subfolder",
    installer: "npm",
    node: 22,
    sdk: CLI,
    ...JAVASCRIPT,
    packageFolder: "source",
    installFolder: "source",
    files: { "Pulumi.yaml": pulumiYaml({}, "main: source\n"), "source/index.js": COMMON_JS },
    special: "`main: source` in Pulumi.yaml; package.json and node_modules in that folder",
  },
  {
    name: "pnpm",
    installer: "pnpm",
    node: 20,
    sdk: NEWEST,
    ...JAVASCRIPT,
    files: { ...JAVASCRIPT_FILES, "Pulumi.yaml": pulumiYaml({ packagemanager: "pnpm" }) },
    special: "`packagemanager: pnpm`",
  },
  {
    name: "pnpm-es-module-typescript",
    installer: "pnpm",
    node: 22,
    sdk: CLI,
    ...ES_TYPESCRIPT,
    special: "`type: module` with ts-node 10",
  },
  {
    name: "pnpm-workspace",
    installer: "pnpm",
    node: 24,
    sdk: NEWEST,
    ...ES_TYPESCRIPT,
    programFolder: "packages/infrastructure",
    files: inFolder("packages/infrastructure", ES_TYPESCRIPT.files, {
      "package.json": workspaceRoot([]),
      ...INSTALLERS.pnpm.workspaces(["packages/*"]),
    }),
    special: "A workspace: nothing is hoisted to where the program could see it",
  },
  {
    name: "yarn-classic",
    installer: "yarn classic",
    node: 22,
    sdk: NEWEST,
    ...JAVASCRIPT,
    files: { ...JAVASCRIPT_FILES, "Pulumi.yaml": pulumiYaml({ packagemanager: "yarn" }) },
    special: "`packagemanager: yarn`",
  },
  {
    name: "yarn-classic-workspaces",
    installer: "yarn classic",
    node: 22,
    sdk: CLI,
    ...HOISTED_WORKSPACE,
  },
  {
    name: "yarn-classic-node-20",
    installer: "yarn classic",
    node: 20,
    sdk: OLDEST,
    ...JAVASCRIPT,
    failure: {
      step: "install",
      output:
        /@azure\/\S+: The engine "node" is incompatible with this module\. Expected version ">=22/,
      reason: "it refuses the newest `@azure` packages, which ask for Node.js 22",
    },
    special: "As it comes, even with an SDK that Node.js 20 is new enough for",
  },
  {
    name: "yarn-classic-node-20-ignoring-engines",
    installer: "yarn classic",
    node: 20,
    sdk: CLI,
    ...JAVASCRIPT,
    installArguments: ["--ignore-engines"],
    special: "`yarn install --ignore-engines`",
  },
  {
    name: "yarn-berry",
    installer: "yarn berry, node-modules",
    node: 22,
    sdk: NEWEST,
    ...ES_TYPESCRIPT,
    special: "`nodeLinker: node-modules`",
  },
  {
    name: "yarn-plug-n-play",
    installer: "yarn berry, Plug'n'Play",
    node: 22,
    sdk: NEWEST,
    ...JAVASCRIPT,
    failure: {
      step: "preview",
      // In the words of the stand-in language host, or of Pulumi's own.
      output: /Pulumi SDK (is|has) not (been )?installed/,
      reason: "Pulumi does not find its SDK",
    },
    special: "As it comes",
  },
  {
    name: "yarn-plug-n-play-hook",
    installer: "yarn berry, Plug'n'Play",
    node: 22,
    sdk: NEWEST,
    ...JAVASCRIPT,
    environment: PLUG_N_PLAY_HOOK,
    special: '`NODE_OPTIONS="--require ./.pnp.cjs"`',
  },
  {
    name: "yarn-plug-n-play-hook-typescript",
    installer: "yarn berry, Plug'n'Play",
    node: 22,
    sdk: NEWEST,
    ...TEMPLATE_SINCE_2026,
    environment: PLUG_N_PLAY_HOOK,
    special: "The same with Pulumi's template since March 2026",
  },
  {
    name: "bun",
    installer: "bun",
    node: 20,
    sdk: NEWEST,
    ...JAVASCRIPT,
    files: { ...JAVASCRIPT_FILES, "Pulumi.yaml": pulumiYaml({ packagemanager: "bun" }) },
    special: "`packagemanager: bun`; Node.js runs the program",
  },
  {
    name: "bun-es-module-typescript",
    installer: "bun",
    node: 24,
    sdk: NEWEST,
    ...ES_TYPESCRIPT,
    special: "`type: module` with ts-node 10; Node.js runs the program",
  },
];

/** The files of one package of a workspace, and those around it. */
function inFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
  around: Readonly<Record<string, string>>,
): Record<string, string> {
  const moved = Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);
  return { ...around, ...(Object.fromEntries(moved) as Record<string, string>) };
}

function workspaceRoot(workspaces: readonly string[]): string {
  const content = { private: true, ...(workspaces.length > 0 && { workspaces }) };
  return JSON.stringify(content);
}
