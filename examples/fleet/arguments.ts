import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";

/** A subscription whose accounts are to be rotated, as subscriptions.json has it. */
export interface Subscription {
  /** Its id, in lower case. */
  readonly id: string;
  /** Over how many stacks its accounts are spread. */
  readonly stacks: number;
}

export interface Arguments {
  readonly version: number;
  /** Stacks that are updated at the same time. */
  readonly parallel: number;
  readonly subscriptions: readonly Subscription[];
  /** Whether those are all that subscriptions.json has. */
  readonly isWholeFleet: boolean;
}

const FILE = path.join(__dirname, "subscriptions.json");
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_STACKS = 100;
const MOST_AT_ONCE = 16;

/** @throws Error that names what is wrong, before anything is read or changed. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      version: { type: "string" },
      parallel: { type: "string", default: "4" },
      subscription: { type: "string", multiple: true },
    },
  });
  if (values.version === undefined) {
    throw new Error("--version is missing: one more than the last rotates every account once");
  }
  return {
    version: wholeNumber("--version", values.version, Number.MAX_SAFE_INTEGER),
    parallel: wholeNumber("--parallel", values.parallel, MOST_AT_ONCE),
    subscriptions: chosen(
      parseSubscriptions(readFileSync(FILE, "utf8"), FILE),
      values.subscription,
    ),
    isWholeFleet: values.subscription === undefined,
  };
}

function wholeNumber(name: string, given: unknown, most: number): number {
  const number = /^[1-9]\d*$/.test(String(given)) ? Number(given) : NaN;
  if (number <= most) return number;
  throw new Error(`${name} is "${String(given)}": use a whole number from 1 to ${String(most)}`);
}

/** @param file its name, for messages. */
export function parseSubscriptions(text: string, file: string): Subscription[] {
  const entries = JSON.parse(text) as unknown;
  if (!Array.isArray(entries)) throw new Error(`${file} holds no list of subscriptions`);
  const subscriptions = entries.map((entry: Partial<Subscription> | null) => {
    const id = String(entry?.id).toLowerCase();
    if (!GUID.test(id)) throw new Error(`${file}: "${id}" is not the id of a subscription`);
    return { id, stacks: wholeNumber(`stacks of ${id}`, entry?.stacks, MOST_STACKS) };
  });
  const ids = subscriptions.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${file} has ${twice} twice`);
  return subscriptions;
}

function chosen(
  subscriptions: readonly Subscription[],
  given: readonly string[] | undefined,
): readonly Subscription[] {
  if (given === undefined) return subscriptions;
  return given.map((wanted) => {
    const found = subscriptions.find(({ id }) => id === wanted.toLowerCase());
    if (found === undefined) throw new Error(`"${wanted}" is not in subscriptions.json`);
    return found;
  });
}
