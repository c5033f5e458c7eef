import * as path from "node:path";
import { type Environment, installationRoot } from "../pulumi-cli/installation";

/** Where what other languages need is kept for all checkouts: beside the CLI of the same version. */
export function languagesFolder(environment: Environment): string {
  return path.join(installationRoot(environment), "languages");
}
