import type * as Batch from "@pulumi/azure-native/batch";
import type * as KeyVault from "@pulumi/azure-native/keyvault";
import { programError } from "../provider/program/programError";

/*
 * azure-native is an optional peer. It is loaded by the components that make its resources: a program
 * that makes none needs none, and one that lacks it is told what to install.
 */

export function azureNativeBatch(component: string): typeof Batch {
  return load(component, () => require("@pulumi/azure-native/batch") as typeof Batch);
}

export function azureNativeKeyVault(component: string): typeof KeyVault {
  return load(component, () => require("@pulumi/azure-native/keyvault") as typeof KeyVault);
}

function load<Module>(component: string, require: () => Module): Module {
  try {
    return require();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw programError(
      `${component} needs @pulumi/azure-native, which is not installed here. Run "npm install @pulumi/azure-native" in the program's folder, or what your package manager calls that`,
      error,
    );
  }
}

/** Whether it is azure-native itself that is not found, and nothing that it requires in its turn. */
function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  const [firstLine = ""] = message.split("\n");
  return code === "MODULE_NOT_FOUND" && firstLine.includes("@pulumi/azure-native");
}
