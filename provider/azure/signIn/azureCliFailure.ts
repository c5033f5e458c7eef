import { redact } from "../redact";
import { serviceSentence, SignInProblem } from "./signInFailure";

/**
 * What a command of the Azure CLI that failed means to a user, by what it wrote to standard error.
 * The CLI often says itself which command helps: that one is passed on.
 */
export function azureCliFailure(stderr: string): SignInProblem {
  if (stderr.includes("'az' is not recognized")) return notOnPath();
  const error = sentence(stderr);
  if (error === "") return hung("failed and said nothing");
  const login = proposedLogin(stderr);
  if (/Please run '?az login/.test(error)) {
    return new SignInProblem(
      "nobody is signed in to the Azure CLI, or the sign-in has expired",
      'run "az login", or configure another way to sign in',
    );
  }
  if (login !== undefined) {
    return new SignInProblem(redact(error), `run "${redact(login)}", then "pulumi up" again`);
  }
  if (/\bsubscription\b.*(doesn't exist|not found|not recognized)/i.test(error)) {
    return new SignInProblem(
      redact(error),
      'sign in to the subscription\'s tenant with "az login --tenant <tenant id>", and compare "az account list" with the configured subscriptionId',
    );
  }
  return new SignInProblem(
    redact(error),
    'compare "az account show" with the configured subscriptionId',
  );
}

/** The CLI is there and does not do its work. */
export function hung(what: string): SignInProblem {
  return new SignInProblem(
    `the Azure CLI ${what}`,
    'run "az account show" by hand to see what it waits for',
  );
}

export function notOnPath(): SignInProblem {
  return new SignInProblem(
    "the Azure CLI (az) is not on PATH",
    'install it and run "az login", or configure another way to sign in',
  );
}

/** Azure asks for a sign-in with claims that the one of the CLI does not have. */
export function claimsChallenge(claims: string, scope: string): SignInProblem {
  const encoded = Buffer.from(claims).toString("base64");
  return new SignInProblem(
    "Azure asks for a fresh sign-in (a claims challenge), which the Azure CLI cannot give by itself",
    `run "az login --claims-challenge ${encoded} --scope ${scope}", then "pulumi up" again`,
  );
}

/** What the CLI says is wrong: Entra ID's own sentence, its error, or else its last line. */
function sentence(stderr: string): string {
  const lines = stderr.trim().split(/\s*\n\s*/);
  const ofEntra = lines.find((line) => /AADSTS\d+:/.test(line));
  if (ofEntra !== undefined) return serviceSentence(ofEntra);
  return /^ERROR: (.*)$/m.exec(stderr)?.[1] ?? lines.at(-1) ?? "";
}

/** A line that is a command to sign in, less the quotes around values that need none. */
function proposedLogin(stderr: string): string | undefined {
  return /^\s*(az login\b.*?)\s*$/m.exec(stderr)?.[1]?.replaceAll('"', "");
}
