import { createHash } from "node:crypto";
import type { KeyName, KeyPair } from "../../simulator/index";

export const KEY_NAMES: readonly KeyName[] = ["Primary", "Secondary"];

export function keyOf(pair: KeyPair, name: KeyName): string {
  return name === "Primary" ? pair.primary : pair.secondary;
}

/** Tells keys apart without showing them; computed here, to compare with what Pulumi's state says. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
