import { createRequire } from "node:module";
import * as path from "node:path";
import type { ProgramInfo, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb";

/** The options under `runtime:` in Pulumi.yaml that concern running a program. */
export interface RuntimeOptions {
  readonly typescript: boolean;
  readonly tsconfig: string | undefined;
  readonly nodeargs: readonly string[];
}

export function readOptions(request: RunRequest | RunPluginRequest): RuntimeOptions {
  const options = programInfo(request).getOptions()?.toJavaScript() ?? {};
  const typescript = options["typescript"] ?? true;
  if (typeof typescript !== "boolean") {
    throw new Error('The runtime option "typescript" in Pulumi.yaml must be true or false.');
  }
  return {
    typescript,
    tsconfig: text(options, "tsconfig"),
    nodeargs: text(options, "nodeargs")?.split(/\s+/).filter(Boolean) ?? [],
  };
}

/** The command line with which the SDK's own runner starts the program. */
export function nodeArguments(
  request: RunRequest,
  options: RuntimeOptions,
  engineAddress: string,
): string[] {
  const info = programInfo(request);
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    ...options.nodeargs,
    findRunner("run", info.getProgramDirectory()),
    ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

/** What the SDK reads from its environment: configuration is too long and too secret for argv. */
export function programEnvironment(
  request: RunRequest,
  options: RuntimeOptions,
): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...compilerEnvironment(options),
  };
}

/** The command line with which the SDK's own runner starts a plugin that is a folder of sources. */
export function pluginArguments(request: RunPluginRequest, options: RuntimeOptions): string[] {
  const folder = programInfo(request).getProgramDirectory();
  return [...options.nodeargs, findRunner("run-plugin", folder), folder, ...request.getArgsList()];
}

/** The environment that the engine gives to its plugins, and what the SDK reads besides. */
export function pluginEnvironment(
  request: RunPluginRequest,
  options: RuntimeOptions,
): Record<string, string> {
  const entries = request.getEnvList().map((line): [string, string] => {
    const [name = ""] = line.split("=", 1);
    return [name, line.slice(name.length + 1)];
  });
  return { ...Object.fromEntries(entries), ...compilerEnvironment(options) };
}

function compilerEnvironment({ typescript, tsconfig }: RuntimeOptions): Record<string, string> {
  return {
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

/** Node.js resolution from the program upwards, so that a hoisted SDK is found as well. */
function findRunner(name: "run" | "run-plugin", programDirectory: string): string {
  const requireFromProgram = createRequire(path.join(programDirectory, "package.json"));
  try {
    return requireFromProgram.resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new Error(
      `The Pulumi SDK is not installed: no @pulumi/pulumi for ${programDirectory}. Run npm install there.`,
    );
  }
}

function programInfo(request: RunRequest | RunPluginRequest): ProgramInfo {
  const info = request.getInfo();
  if (info === undefined) {
    throw new Error("This Pulumi CLI is too old for the language host: it sends no ProgramInfo.");
  }
  return info;
}

function text(options: Record<string, unknown>, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "string") return value;
  throw new Error(`The runtime option "${name}" in Pulumi.yaml must be text.`);
}
