import * as fs from "node:fs";
import { parse } from "yaml";

/*
 * What a CI system makes of the files in which it is told what to do, as far as the examples go: the
 * commands, each with the variables that it gets. The systems themselves are not to be had here.
 */

/** What the owner of the repository has set up. */
export interface Settings {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Command {
  readonly script: string;
  /** What a script starts with, in the shell that the system takes for it. */
  readonly shell: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { run?: string; env?: Record<string, string> }[] }>
  >;
}

/** What differs from one machine to another, and comes over the network. */
const INSTALLS = /^npm ci$|get\.pulumi\.com/m;

/**
 * The commands of a workflow of GitHub Actions.
 * @param idToken the variables of a job that may ask for an ID token.
 */
export function githubCommands(
  file: string,
  { variables, secrets }: Settings,
  idToken: Readonly<Record<string, string>>,
): Command[] {
  const { permissions, jobs } = parse(fs.readFileSync(file, "utf8")) as Workflow;
  const contexts: Record<string, Readonly<Record<string, string>>> = { vars: variables, secrets };
  const resolve = (value: string) =>
    // What is not set is empty there.
    value.replace(
      /\$\{\{ (\w+)\.(\w+) \}\}/g,
      (_, of: string, name: string) => contexts[of]?.[name] ?? "",
    );
  const ofJob = permissions["id-token"] === "write" ? idToken : {};
  return Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .flatMap(({ run, env = {} }) =>
      run === undefined || INSTALLS.test(run)
        ? []
        : {
            script: resolve(run),
            shell: ["bash", "-e", "-c"],
            environment: { ...ofJob, ...mapValues(env, resolve) },
          },
    );
}

interface Pipeline {
  readonly jobs: readonly {
    readonly steps: readonly {
      readonly script?: string;
      readonly task?: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  }[];
}

/**
 * The commands of a pipeline of Azure Pipelines.
 * @param secrets the pipeline's secret variables, which no command gets that does not name them.
 * @param servicePrincipal what the task AzureCLI@2 hands on of a service connection with workload
 *   identity federation, in the variables that its source names:
 *   https://github.com/microsoft/azure-pipelines-tasks/blob/master/Tasks/AzureCLIV2/azureclitask.ts
 */
export function azureCommands(
  file: string,
  secrets: Settings["secrets"],
  servicePrincipal: Readonly<Record<"servicePrincipalId" | "tenantId" | "idToken", string>>,
): Command[] {
  const { jobs } = parse(fs.readFileSync(file, "utf8")) as Pipeline;
  const resolve = (value: string) =>
    // What is not set stays as it is written there.
    value.replace(/\$\((\w+)\)/g, (written, name: string) => secrets[name] ?? written);
  return jobs
    .flatMap(({ steps }) => steps)
    .flatMap(({ script, task, inputs = {}, env = {} }): Command[] => {
      const environment = mapValues(env, resolve);
      if (task === "AzureCLI@2") {
        expect(inputs).toMatchObject({ scriptType: "bash", scriptLocation: "inlineScript" });
        const added = inputs["addSpnToEnvironment"] === true ? servicePrincipal : {};
        return [
          {
            script: resolve(String(inputs["inlineScript"])),
            shell: ["bash", "-c"],
            environment: { ...environment, ...added },
          },
        ];
      }
      if (script === undefined || INSTALLS.test(script)) return [];
      return [{ script: resolve(script), shell: ["bash", "-c"], environment }];
    });
}

function mapValues(
  values: Readonly<Record<string, string>>,
  map: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
