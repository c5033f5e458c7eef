import type { Measurement } from "../measurement";
import { coldProcess } from "./coldProcess";
import { growth } from "./growth";
import { hundredAccounts } from "./hundredAccounts";
import { listing } from "./listing";
import { oneRotation } from "./oneRotation";
import { requiring } from "./requiring";
import { state } from "./state";
import { throttled } from "./throttled";
import { update } from "./update";
import { verification } from "./verification";

/** In the order of the report. */
export const MEASUREMENTS: readonly Measurement[] = [
  oneRotation,
  verification,
  coldProcess,
  requiring,
  listing,
  state,
  throttled,
  update,
  hundredAccounts,
  growth,
];
