import { KEY_NAMES, type Observation } from "./observe";
import type { Expectation } from "./steps";

/** What is not as expected after a step, in sentences; none if all is well. */
export function judge(found: Observation, expected: Expectation): string[] {
  const problems: string[] = [];
  const compare = (what: string, is: readonly string[], shouldBe: readonly string[]): void => {
    if (is.join() !== shouldBe.join()) {
      problems.push(`${what}: expected ${listed(shouldBe)}, found ${listed(is)}.`);
    }
  };

  if (!expected.said.test(found.said)) {
    problems.push(`Pulumi said "${found.said}", and ${String(expected.said)} was expected.`);
  }
  compare("Keys rotated", found.rotated, expected.rotated);
  compare("Requests to Resource Manager", found.requests, expected.requests);
  compare("Fingerprints out of date in Pulumi's state", found.outdated, expected.outdated);
  compare("currentKeyName", optional(found.current?.name), optional(expected.current));

  for (const name of KEY_NAMES) {
    if (!found.keys[name].works) problems.push(`The data plane refuses the ${name} key.`);
  }
  const { current } = found;
  if (current !== undefined) {
    if (!current.works) problems.push("The data plane refuses the stack's currentKey.");
    const named = KEY_NAMES.find((name) => name === current.name);
    if (named && found.keys[named].fingerprint !== current.fingerprint) {
      problems.push(`The stack's currentKey is not the account's ${named} key.`);
    }
  }
  return problems;
}

function optional(name: string | undefined): string[] {
  return name === undefined ? [] : [name];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
