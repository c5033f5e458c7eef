import { execFile } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { parseJson, property, text } from "../json";
import { memoize } from "../memoize";
import { azureCliFailure, claimsChallenge, hung, notOnPath } from "./azureCliFailure";
import { SignInProblem } from "./signInFailure";

/** What `az account show` says of a subscription. */
export interface CliAccount {
  readonly subscriptionId: string;
  /** The tenant in which the CLI has signed in to it; "" where the CLI does not say. */
  readonly tenantId: string;
  /** Whether the CLI uses this subscription where none is named. */
  readonly isDefault: boolean;
  /** The CLI's active cloud, by the CLI's name for it. */
  readonly cloudName: string;
}

/** Names and ids that mean nothing to a shell, and are no option of the CLI. */
const SAFE_ARGUMENT = /^\w[\w .-]*$/;
/** The same, with what a URL has. */
const SAFE_RESOURCE = /^\w[\w.:/-]*$/;

const IS_WINDOWS = process.platform === "win32";

/**
 * The Azure CLI of this machine: who is signed in, to which cloud, and tokens. What it said of an
 * account is kept: a process asks once, however many resources there are.
 *
 * Microsoft's own client for it throws away what the CLI says of a failure, and a byte order mark
 * is a failure to it.
 */
export class AzureCli {
  readonly #accounts = new Map<string, Promise<CliAccount>>();

  /**
   * @param timeout milliseconds after which a command is given up: before signing in is, which
   *   could not say what kept it.
   */
  constructor(readonly timeout = 50_000) {}

  /**
   * https://learn.microsoft.com/cli/azure/account#az-account-show
   * @param subscription its id or name; "" is the CLI's default.
   * @throws SignInProblem
   */
  account(subscription: string): Promise<CliAccount> {
    return memoize(this.#accounts, subscription, async () => {
      const shown = await this.#az("account", "show", "-o", "json", ...chosen(subscription));
      for (const name of ["id", "environmentName"]) {
        if (text(shown, name) === "") {
          throw malformed(`"az account show" answered without "${name}"`);
        }
      }
      return {
        subscriptionId: text(shown, "id"),
        tenantId: text(shown, "tenantId"),
        isDefault: property(shown, "isDefault") === true,
        cloudName: text(shown, "environmentName"),
      };
    });
  }

  /**
   * A token of who is signed in.
   * https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
   * @param resource the audience that it is for.
   * @param subscription in whose tenant; "" is the CLI's default.
   * @throws SignInProblem
   */
  async token(resource: string, subscription: string): Promise<AccessToken> {
    if (!SAFE_RESOURCE.test(resource)) throw unsafe(resource);
    const given = ["-o", "json", "--resource", resource, ...chosen(subscription)];
    const shown = await this.#az("account", "get-access-token", ...given);
    const token = text(shown, "accessToken");
    const expiresOnTimestamp = expiry(shown);
    if (token === "" || Number.isNaN(expiresOnTimestamp)) {
      throw malformed('"az account get-access-token" did not answer with a token');
    }
    return { token, expiresOnTimestamp };
  }

  /**
   * What the CLI knows of a cloud, as JSON.
   * https://learn.microsoft.com/cli/azure/cloud#az-cloud-show
   * @throws SignInProblem
   */
  cloud(name: string): Promise<unknown> {
    return this.#az("cloud", "show", "--name", safe(name), "-o", "json");
  }

  async #az(...args: string[]): Promise<unknown> {
    const output = stripVTControlCharacters(await run(args, this.timeout));
    try {
      // Extensions and wrappers print lines of their own around it.
      const [object = output] = /^\s*\{.*\}\s*$/ms.exec(output) ?? [];
      return parseJson(object);
    } catch {
      throw malformed(`"az ${args.join(" ")}" did not answer with JSON`);
    }
  }
}

/**
 * Tokens of who is signed in to the Azure CLI, which caches them itself.
 * @param subscription the configured one, or "".
 * @throws SignInProblem, as does its getToken.
 */
export async function azureCliCredential(
  cli: AzureCli,
  subscription: string,
): Promise<TokenCredential> {
  // Named only where the CLI would take another, as azure-native does.
  const { isDefault } = await cli.account(subscription);
  return {
    async getToken(scopes, { claims = "" } = {}) {
      const scope = String(Array.isArray(scopes) ? scopes[0] : scopes);
      if (claims.trim() !== "") throw claimsChallenge(claims, scope);
      return cli.token(scope.replace(/\/\.default$/, ""), isDefault ? "" : subscription);
    },
  };
}

function run(args: readonly string[], timeout: number): Promise<string> {
  // On Windows az is a script for the shell, which looks in the working directory first.
  const [file = "", ...given] = IS_WINDOWS
    ? [["az", ...args].map((argument) => `"${argument}"`).join(" ")]
    : ["az", ...args];
  const shell = IS_WINDOWS ? { shell: true, cwd: process.env["SystemRoot"] } : {};
  const options = { timeout, windowsHide: true, encoding: "utf8", ...shell } as const;
  return new Promise((resolve, reject) => {
    execFile(file, given, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else if (error.code === "ENOENT") {
        reject(notOnPath());
      } else if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
        reject(malformed(`"az ${args.join(" ")}" answered with more text than an account needs`));
      } else if (error.killed === true) {
        reject(hung(`gave no answer within ${String(timeout / 1_000)} seconds`));
      } else if (typeof error.code === "string") {
        reject(
          new SignInProblem(
            `the Azure CLI (az) on PATH cannot be run (${error.code})`,
            'check what "az" is on PATH, or configure another way to sign in',
          ),
        );
      } else {
        reject(azureCliFailure(stripVTControlCharacters(stderr)));
      }
    });
  });
}

/** In seconds since 1970, and before version 2.54 of the CLI by the clock of this machine. */
function expiry(shown: unknown): number {
  const seconds = Number(property(shown, "expires_on") ?? NaN);
  return Number.isNaN(seconds)
    ? new Date(String(property(shown, "expiresOn"))).getTime()
    : seconds * 1_000;
}

function chosen(subscription: string): string[] {
  return subscription === "" ? [] : ["--subscription", safe(subscription)];
}

function safe(argument: string): string {
  if (SAFE_ARGUMENT.test(argument)) return argument;
  throw unsafe(argument);
}

function unsafe(argument: string): SignInProblem {
  return new SignInProblem(
    `${JSON.stringify(argument)} has characters that are not passed to the Azure CLI`,
    "name the subscription by its id; a cloud's name may have letters, digits, spaces, periods and hyphens",
  );
}

function malformed(message: string): SignInProblem {
  return new SignInProblem(message, 'update the Azure CLI with "az upgrade"');
}
