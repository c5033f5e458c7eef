/*
 * npm run api: what each entry point of package.json exports, as review/<entry>.api.md has it. It fails
 * where the two differ; with --local it writes the reports anew.
 */
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  CompilerState,
  ConsoleMessageId,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  type IConfigFile,
} from "@microsoft/api-extractor";
import manifest from "../../package.json";
import { REPOSITORY } from "../workspace/packedPackage";

const REPORTS = path.join(REPOSITORY, "review");
const UPDATE = "npm run api -- --local";

interface EntryPoint {
  /** `components` for `./components`, `index` for the package itself. */
  readonly name: string;
  readonly declarations: string;
}

const entryPoints: EntryPoint[] = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  typeof target === "string"
    ? []
    : [{ name: subpath.replace(/^\.\/?/, "") || "index", declarations: target.types }],
);

async function main(localBuild: boolean): Promise<void> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "api-report-"));
  try {
    const configurations = entryPoints.map((entryPoint) => configure(entryPoint, folder));
    // One program for all of them: most of the time goes into reading Pulumi's declarations.
    const [first] = configurations;
    if (first === undefined) throw new Error("package.json exports nothing.");
    const compilerState = CompilerState.create(first, {
      additionalEntryPoints: configurations.map((each) => each.mainEntryPointFilePath),
    });
    for (const configuration of configurations) {
      const { succeeded, apiReportChanged } = Extractor.invoke(configuration, {
        compilerState,
        localBuild,
        messageCallback: filter,
        printApiReportDiff: true,
      });
      if (succeeded) continue;
      process.exitCode = 1;
      if (!apiReportChanged) continue;
      const reports = configuration.reportConfigs.map(({ fileName }) => `review/${fileName}`);
      console.error(`The package exports something else than ${reports.join()} says.`);
      console.error(`If it is meant to, run "${UPDATE}" and commit the report.`);
    }
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

function configure({ name, declarations }: EntryPoint, reportTempFolder: string): ExtractorConfig {
  const configObject: IConfigFile = {
    projectFolder: REPOSITORY,
    mainEntryPointFilePath: path.join(REPOSITORY, declarations),
    compiler: { tsconfigFilePath: path.join(REPOSITORY, "tsconfig.build.json") },
    newlineKind: "lf",
    apiReport: {
      enabled: true,
      reportFileName: name,
      reportFolder: REPORTS,
      reportTempFolder,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      extractorMessageReporting: {
        // In the report: a type that an exported one names and that has no export of its own.
        default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        // Everything that is exported is public, and what a name says needs no words.
        "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
        "ae-undocumented": { logLevel: ExtractorLogLevel.None },
        // Links in JSDoc lead to what is in scope.
        "ae-unresolved-link": { logLevel: ExtractorLogLevel.None },
      },
      // The documentation is JSDoc, with @default where TSDoc has @defaultValue.
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  };
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(REPOSITORY, "package.json"),
  });
}

const UNWANTED: readonly string[] = [
  ConsoleMessageId.Preamble,
  // It wants a report copied from a folder that is gone when this is read.
  ConsoleMessageId.ApiReportNotCopied,
];

function filter(message: ExtractorMessage): void {
  if (UNWANTED.includes(message.messageId)) message.handled = true;
}

main(process.argv.includes("--local")).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
