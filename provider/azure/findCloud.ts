import {
  type Cloud,
  cloudByName,
  cloudFromAzureCli,
  cloudFromMetadata,
  isSameCloud,
  wellKnownCloud,
} from "./clouds";
import type { AzureConfiguration } from "./configuration";
import { NotSentError } from "./errors";
import type { Http } from "./http/client";
import { adviceOn, describeFailure } from "./http/failures";
import { adviceOnProxy } from "./http/proxy";
import { parseJson } from "./json";
import { redact } from "./redact";
import type { AzureCli } from "./signIn/azureCli";
import { SignInProblem } from "./signIn/signInFailure";

/**
 * The cloud that the configuration names: the metadata host's, else that of `environment`, else,
 * where the Azure CLI signs in, the CLI's active one, else the public one.
 * @param cli the Azure CLI, if it signs in: it can do so in its own cloud only.
 * @throws NotSentError or SignInProblem
 */
export async function findCloud(
  configuration: AzureConfiguration,
  http: Http,
  cli: AzureCli | undefined,
): Promise<Cloud> {
  const { metadataHost, environment, subscriptionId } = configuration;
  let configured: Cloud | undefined;
  if (metadataHost !== "") configured = await askMetadataHost(configuration, http);
  else if (environment !== "") configured = cloudByName(environment);
  if (cli === undefined) return configured ?? cloudByName("public");
  const { cloudName } = await cli.account(subscriptionId);
  if (configured === undefined) return wellKnownCloud(cloudName) ?? registeredCloud(cloudName, cli);
  if (isSameCloud(configured.name, cloudName)) return configured;
  throw new SignInProblem(
    `it is signed in to cloud ${redact(cloudName)}, but the configured cloud is ${configured.name}`,
    `run "az cloud set --name ${configured.name}" and "az login", or change environment or metadataHost`,
  );
}

async function registeredCloud(name: string, cli: AzureCli): Promise<Cloud> {
  const shown = await cli.cloud(name);
  try {
    return cloudFromAzureCli(name, shown);
  } catch (error) {
    throw new SignInProblem(
      `"az cloud show" does not describe cloud ${redact(name)} in full: ${describeFailure(error)}`,
      `correct the cloud with "az cloud update", or configure its metadataHost`,
    );
  }
}

async function askMetadataHost(
  { metadataHost, environment }: AzureConfiguration,
  http: Http,
): Promise<Cloud> {
  const address = /^https?:\/\//i.test(metadataHost) ? metadataHost : `https://${metadataHost}`;
  const origin = URL.canParse(address) ? new URL(address) : undefined;
  try {
    if (origin?.protocol !== "https:" || origin.username + origin.password !== "") {
      throw new Error("it is not the name of an https host");
    }
    const response = await http.send({
      what: "read the cloud's endpoints",
      method: "GET",
      url: new URL("/metadata/endpoints?api-version=2022-09-01", origin).href,
      repeatable: true,
    });
    if (response.status !== 200) throw new Error(`it answered ${String(response.status)}`);
    return cloudFromMetadata(parseJson(response.bodyAsText), environment);
  } catch (error) {
    // Even what is not a URL may hold a password.
    const host = origin === undefined ? "(not a host name)" : redact(origin.host);
    const settings =
      "ARM_METADATA_HOSTNAME and ARM_ENVIRONMENT (or metadataHost and environment in the stack's configuration)";
    // The settings are not what keeps a proxy from connecting.
    const next = adviceOnProxy(error) ?? `check ${settings}; ${adviceOn(error, host)}`;
    throw new NotSentError(
      `could not read the cloud's endpoints from metadata host ${host}: ${describeFailure(error)}`,
      next,
    );
  }
}
