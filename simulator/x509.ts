import type * as X509 from "@peculiar/x509";

/** As components/azureNative.ts does: the optional peer that makes the simulator's certificates, or an error that says how to get it. */
export function requireX509(): typeof X509 {
  try {
    return require("@peculiar/x509") as typeof X509;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [firstLine = ""] = message.split("\n");
    // What it requires in its turn may be missing as well, and is another matter.
    if (code !== "MODULE_NOT_FOUND" || !firstLine.includes("@peculiar/x509")) throw error;
    throw new Error(
      'startSimulator needs @peculiar/x509, which is not installed here. Run "npm install --save-dev @peculiar/x509", or what your package manager calls that',
      { cause: error },
    );
  }
}
