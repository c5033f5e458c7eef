import * as path from "node:path";
import { REPOSITORY } from "../workspace/packedPackage";

/** Where the SDKs stand, each in a folder named by its language. */
export const SDK = path.join(REPOSITORY, "sdk");

export const LANGUAGES = ["nodejs", "python", "go"] as const;
