import type { CommandResult } from "../workspace/command";

/** Pulumi's table of resources on a line: "1 updated", or "2 unchanged" if that is all. */
export function resourceSummary({ stdout }: CommandResult): string {
  const [, table = ""] = /^Resources:\n((?: +.*\n)+)/m.exec(stdout) ?? [];
  const counts = table.match(/\d+ [a-z ]*[a-z]/g) ?? [];
  const changes = counts.filter((count) => !count.endsWith(" unchanged"));
  return (changes.length > 0 ? changes : counts).join(", ") || "nothing";
}

/** The rotation that `pulumi preview --diff` announces. */
export function plannedRotation({ stdout }: CommandResult): string {
  const [, keyToRotate] = /keyToRotate *: ".*" => "(\w+)"/.exec(stdout) ?? [];
  return keyToRotate === undefined ? "rotates nothing" : `rotates ${keyToRotate}`;
}

/** The key of which a refresh warns that somebody else has changed it. */
export function changedKeyWarning({ stdout, stderr }: CommandResult): string {
  const [, keyName] =
    /warning: the (\w+) key of Batch account .* was changed outside/.exec(stdout + stderr) ?? [];
  return keyName === undefined ? "no warning" : `${keyName} changed!`;
}
