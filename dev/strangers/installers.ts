/** What installs packages into a project. */
export interface Installer {
  /** npm's name and range of it; npm itself is there with Node.js. */
  readonly package?: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** Runs a command of an installed package. */
  readonly exec: readonly [string, ...string[]];
  /** Runs Node.js so that it finds what is installed, where Node.js by itself does not. */
  readonly node?: readonly [string, ...string[]];
  /** What a project has for it beside package.json, whatever else the project is. */
  readonly files: Readonly<Record<string, string>>;
  /** How a project with several packages names them, if not in package.json. */
  readonly workspaces?: (patterns: readonly string[]) => Readonly<Record<string, string>>;
}

// Pulumi's SDK brings one package with an install script, and pnpm fails until somebody has decided
// about it. It prints a warning at most.
const PNPM_SETTINGS = "allowBuilds:\n  protobufjs: false\n";

const BERRY = {
  package: "@yarnpkg/cli-dist@4",
  command: "yarn",
  arguments: ["install"],
  exec: ["yarn", "exec"],
  node: ["yarn", "node"],
} as const;
const BERRY_SETTINGS = "enableTelemetry: false\nenableImmutableInstalls: false\n";

export const INSTALLERS = {
  npm: {
    command: "npm",
    arguments: ["install", "--prefer-offline", "--no-audit", "--no-fund"],
    exec: ["npx", "--no-install"],
    files: {},
  },
  pnpm: {
    package: "pnpm@12",
    command: "pnpm",
    arguments: ["install", "--no-frozen-lockfile"],
    exec: ["pnpm", "exec"],
    files: { "pnpm-workspace.yaml": PNPM_SETTINGS },
    workspaces: (patterns) => ({
      "pnpm-workspace.yaml": `packages: ${JSON.stringify(patterns)}\n${PNPM_SETTINGS}`,
    }),
  },
  "yarn classic": {
    package: "yarn@1",
    command: "yarn",
    arguments: ["install", "--non-interactive"],
    exec: ["yarn", "--silent", "run"],
    files: {},
  },
  "yarn berry, node-modules": {
    ...BERRY,
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: node-modules\n${BERRY_SETTINGS}` },
  },
  "yarn berry, Plug'n'Play": {
    ...BERRY,
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: pnp\n${BERRY_SETTINGS}` },
  },
  bun: {
    package: "bun@1",
    command: "bun",
    arguments: ["install"],
    exec: ["bunx", "--no-install"],
    files: {},
  },
} as const satisfies Record<string, Installer>;

export type InstallerName = keyof typeof INSTALLERS;
