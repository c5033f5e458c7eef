import type { SignInMethod } from "./signInMethod";
import { SignInProblem } from "./signInProblem";

/**
 * A managed identity that comes by way of a file, where that is missing or cannot be read:
 * Microsoft's client names neither what writes it nor who may read it.
 * @param message that client's.
 */
export function missingFile(
  kind: SignInMethod["kind"],
  message: string,
): SignInProblem | undefined {
  if (kind !== "ManagedIdentity" && kind !== "DefaultAzureCredential") return undefined;
  if (process.env["AZURE_FEDERATED_TOKEN_FILE"] && TOKEN_FILE.test(message)) {
    const [code = "it is empty"] = /\bE[A-Z]{4,}\b/.exec(message) ?? [];
    return new SignInProblem(
      `the token file that AZURE_FEDERATED_TOKEN_FILE names cannot be read (${code})`,
      'check that the pod has the label azure.workload.identity/use: "true" and a service account with the annotation azure.workload.identity/client-id, and that this process may read the file',
    );
  }
  return KEY_FILE.test(message)
    ? new SignInProblem(
        "Azure Arc's key file, with which a process proves to the machine's agent that it may have a token, cannot be read",
        `check that the Azure Connected Machine agent runs ("azcmagent show"), and let this process's user read its tokens: on Linux the group himds may, on Windows the group Hybrid agent extension applications`,
      )
    : undefined;
}

const TOKEN_FILE = /\b(ENOENT|EACCES|EPERM|EISDIR)\b|No content on the file/;
/** Codes and words of MSAL for Arc's key file: absent, unreadable, not where the agent keeps it. */
const KEY_FILE =
  /unable_to_read_secret_file|invalid_file_(path|extension)|invalid_secret|secret file/i;
