import { NotSentError } from "./errors";

/** Where the HTTP client looks for a proxy, in its order; each in lower case, too. */
const PROXY_VARIABLES = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** The variable that names the proxy in use; undefined if none does. */
export function proxyVariable(environment: NodeJS.ProcessEnv): string | undefined {
  return PROXY_VARIABLES.find((name) => environment[name]);
}

/**
 * @throws NotSentError when the proxy that the environment names is not a URL: the client would say
 *   "Invalid URL", and not of what. It may hold a password, so it is not quoted.
 */
export function requireProxyUrl(environment: NodeJS.ProcessEnv): void {
  const variable = proxyVariable(environment);
  if (variable === undefined || URL.canParse(environment[variable] ?? "")) return;
  throw new NotSentError(
    `could not connect to Azure: ${variable} is not a URL. Next: set it to the proxy's address, such as http://proxy.example:8080, or remove it`,
  );
}
