import type * as Batch from "@pulumi/azure-native/batch";
import type * as KeyVault from "@pulumi/azure-native/keyvault";
import { programError } from "../provider/program/programError";

/*
 * azure-native is an optional peer. It is loaded by the components that make its resources: a program
 * that makes none needs none, and one that lacks it is told what to install. A bundler does without it
 * where each require stands in a try, as here. simulator/x509.ts does the same.
 */

export function azureNativeBatch(component: string): typeof Batch {
  try {
    return require("@pulumi/azure-native/batch") as typeof Batch;
  } catch (error) {
    throw told(component, error);
  }
}

export function azureNativeKeyVault(component: string): typeof KeyVault {
  try {
    return require("@pulumi/azure-native/keyvault") as typeof KeyVault;
  } catch (error) {
    throw told(component, error);
  }
}

/** What to install, if it is azure-native itself that is not found, and nothing that it requires. */
function told(component: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const [firstLine = ""] = message.split("\n");
  if (code !== "MODULE_NOT_FOUND" || !firstLine.includes("@pulumi/azure-native")) return error;
  return programError(
    `${component} needs @pulumi/azure-native, which is not installed here. Run "npm install @pulumi/azure-native" in the program's folder, or what your package manager calls that`,
    error,
  );
}
