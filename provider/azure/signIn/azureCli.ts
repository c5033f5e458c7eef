import { execFile } from "node:child_process";
import { parseJson, property } from "../json";
import { redact } from "../redact";
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
   * @param timeout milliseconds after which a command is given up: before signing in is, which
   *   could not say what kept it.
   */
  constructor(readonly timeout = 50_000) {}

  /**
   * @param subscription its id or name; "" is the CLI's default.
   * @throws SignInProblem
   */
  account(subscription: string): Promise<CliAccount> {
    return remembered(this.#accounts, subscription, async () => {
      const chosen = subscription === "" ? [] : ["--subscription", safe(subscription)];
      const shown = await this.#az("account", "show", "-o", "json", ...chosen);
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
    return this.#az("cloud", "show", "--name", safe(name), "-o", "json");
  }

  async #az(...args: string[]): Promise<unknown> {
    const output = await run(args, this.timeout);
    try {
      return parseJson(output);
    } catch {
      throw malformed(`"az ${args.join(" ")}" answered something other than JSON`);
    }
  }
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
        reject(malformed(`"az ${args.join(" ")}" answered more than any account needs`));
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
        reject(explainCliFailure(stderr));
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
  // Microsoft's client parses what the CLI prints, and quotes it where that fails.
  if (message.includes("end of JSON input")) return hung("gave no token");
  if (/not valid JSON|JSON at position|Unexpected response from/.test(message)) {
    return malformed('"az account get-access-token" answered something other than a token');
  }
  const lines = message.trim().split(/\s*\n\s*/);
  const said = /^ERROR: (.*)$/m.exec(message)?.[1] ?? lines.at(-1) ?? "";
  if (said === "") return hung("failed without a word");
  return new SignInProblem(
    redact(said),
    'compare "az account show" with the configured subscriptionId',
  );
}

function hung(what: string): SignInProblem {
  return new SignInProblem(
    `the Azure CLI ${what}`,
    'run "az account show" by hand to see what it waits for',
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
