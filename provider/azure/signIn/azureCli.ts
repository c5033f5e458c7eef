import { execFile } from "node:child_process";
import { parseJson, property } from "../json";
import { remembered } from "../remembered";
import { SignInProblem } from "./signInProblem";

/** What `az account show` says of a subscription. */
export interface CliAccount {
  readonly subscriptionId: string;
  /** Whether the CLI uses this subscription where none is named. */
  readonly isDefault: boolean;
  /** The CLI's active cloud, by the CLI's name for it. */
  readonly cloudName: string;
}

/** Milliseconds after which a command of the CLI is given up. */
export const CLI_TIMEOUT = 60_000;

/** Names and ids that mean nothing to a shell, and are no option of the CLI. */
const SAFE_ARGUMENT = /^\w[\w .-]*$/;

const IS_WINDOWS = process.platform === "win32";

/**
 * The Azure CLI of this machine, as far as it says who is signed in, and to which cloud. What it
 * said of an account is kept: a process asks once, however many resources there are.
 *
 * https://learn.microsoft.com/cli/azure/account#az-account-show
 */
export class AzureCli {
  readonly #accounts = new Map<string, Promise<CliAccount>>();

  /**
   * @param subscription its id or name; "" is the CLI's default.
   * @throws SignInProblem
   */
  account(subscription: string): Promise<CliAccount> {
    return remembered(this.#accounts, subscription, async () => {
      const chosen = subscription === "" ? [] : ["--subscription", safe(subscription)];
      const shown = await az("account", "show", "-o", "json", ...chosen);
      return {
        subscriptionId: text(shown, "id"),
        isDefault: property(shown, "isDefault") === true,
        cloudName: text(shown, "environmentName"),
      };
    });
  }

  /**
   * What the CLI knows of a cloud, as JSON.
   * https://learn.microsoft.com/cli/azure/cloud#az-cloud-show
   * @throws SignInProblem
   */
  cloud(name: string): Promise<unknown> {
    return az("cloud", "show", "--name", safe(name), "-o", "json");
  }
}

async function az(...args: string[]): Promise<unknown> {
  const output = await run(args);
  try {
    return parseJson(output);
  } catch {
    throw malformed(`"az ${args.join(" ")}" answered something other than JSON`);
  }
}

function run(args: readonly string[]): Promise<string> {
  // On Windows az is a script for the shell, which looks in the working directory first.
  const [file = "", ...given] = IS_WINDOWS
    ? [["az", ...args].map((argument) => `"${argument}"`).join(" ")]
    : ["az", ...args];
  const shell = IS_WINDOWS ? { shell: true, cwd: process.env["SystemRoot"] } : {};
  const options = { timeout: CLI_TIMEOUT, windowsHide: true, encoding: "utf8", ...shell } as const;
  return new Promise((resolve, reject) => {
    execFile(file, given, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else if (error.code === "ENOENT") {
        reject(notOnPath());
      } else if (error.killed === true) {
        const seconds = String(CLI_TIMEOUT / 1_000);
        reject(explainCliFailure(`the Azure CLI gave no answer within ${seconds} seconds`));
      } else {
        reject(explainCliFailure(stderr.trim() === "" ? error.message : stderr));
      }
    });
  });
}

/** What a failure means to a user, in the words of the CLI or of Microsoft's client for it. */
export function explainCliFailure(message: string): SignInProblem {
  if (/CLI could not be found|'az' is not recognized/.test(message)) return notOnPath();
  const [challenge] = /az login --claims-challenge .*/s.exec(message) ?? [];
  if (challenge !== undefined) {
    return new SignInProblem(
      "Azure asks for a fresh sign-in (a claims challenge), which the Azure CLI cannot give by itself",
      `run "${challenge}", then "pulumi up" again`,
    );
  }
  if (message.includes("az login")) {
    return new SignInProblem(
      "nobody is signed in to the Azure CLI, or the sign-in has expired",
      'run "az login", or configure another way to sign in',
    );
  }
  return new SignInProblem(
    /^ERROR: (.*)$/m.exec(message)?.[1] ?? message,
    'compare "az account show" with the configured subscriptionId',
  );
}

function notOnPath(): SignInProblem {
  return new SignInProblem(
    "the Azure CLI (az) is not on PATH",
    'install it and run "az login", or configure another way to sign in',
  );
}

function text(shown: unknown, name: string): string {
  const value = property(shown, name);
  if (typeof value === "string" && value !== "") return value;
  throw malformed(`"az account show" answered without ${JSON.stringify(name)}`);
}

function safe(argument: string): string {
  if (SAFE_ARGUMENT.test(argument)) return argument;
  throw new SignInProblem(
    `${JSON.stringify(argument)} has characters that are not passed to the Azure CLI`,
    "name a subscription by its id, a cloud with letters, digits, spaces, periods and hyphens",
  );
}

function malformed(message: string): SignInProblem {
  return new SignInProblem(message, 'bring the Azure CLI up to date with "az upgrade"');
}
