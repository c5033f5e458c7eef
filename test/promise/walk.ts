import { canonical } from "./canonical";
import {
  act,
  ACTIONS,
  beginning,
  type CreateLifecycle,
  type Situation,
  VAULT_ACTIONS,
} from "./history";
import type { Choose } from "./modelledAzure";

export interface WalkOptions {
  readonly createLifecycle: CreateLifecycle;
  /** How many actions a history has at the most. */
  readonly actions: number;
  /** Whether the current key goes to a Key Vault secret. @default false */
  readonly usesVault?: boolean;
  /** How many faults a history has at the most. */
  readonly faults: number;
  /** Called after each length of history. */
  readonly walked?: (walked: Walked) => void;
  /** Called while a length is walked, with how much of it is done, 0 to 1. */
  readonly progress?: (actions: number, done: number) => void;
}

export interface Walked {
  readonly actions: number;
  /** Histories walked: sequences of actions, each with what happened to each of its requests. */
  readonly histories: number;
  /** Situations that differ in more than the names of keys and the numbers of versions. */
  readonly situations: number;
}

/** A history that broke the promise, as a test's failure shows it. */
export class BrokenHistory extends Error {}

interface Place {
  readonly situation: Situation;
  /** How many histories lead here. */
  readonly histories: number;
  /** One of them, for messages. */
  readonly story: readonly string[];
}

/**
 * Walks through every history of up to so many actions and faults: at each request of each action,
 * every way on which it can go. Histories that lead to the same situation go on together, so that
 * each situation is walked on from once, and is counted as often as it is reached.
 */
export async function walk(options: WalkOptions): Promise<Walked> {
  let places = new Map<string, Place>([
    ["", { situation: beginning(options.usesVault ?? false), histories: 1, story: [] }],
  ]);
  let walked: Walked = { actions: 0, histories: 0, situations: 1 };
  for (let actions = 1; actions <= options.actions; actions++) {
    const next = new Map<string, Place>();
    let gone = 0;
    for (const place of places.values()) {
      await goOn(place, next, options);
      gone += 1;
      options.progress?.(actions, gone / places.size);
    }
    const reached = [...next.values()].reduce((sum, { histories }) => sum + histories, 0);
    walked = {
      actions,
      histories: walked.histories + reached,
      situations: walked.situations + next.size,
    };
    options.walked?.(walked);
    places = next;
  }
  return walked;
}

async function goOn(place: Place, next: Map<string, Place>, options: WalkOptions): Promise<void> {
  for (const action of options.usesVault === true ? VAULT_ACTIONS : ACTIONS) {
    let script: number[] | undefined = [];
    while (script !== undefined) {
      const choices: Choices = new Choices(script, options.faults - place.situation.faults);
      const tell = () => [...place.story, [action, ...choices.faults].join(", ")];
      let situation: Situation;
      try {
        situation = await act(place.situation, action, choices.choose, options.createLifecycle);
      } catch (error) {
        throw new BrokenHistory(
          `${(error as Error).message}\n${tell()
            .map((line, index) => `${String(index + 1)}. ${line}`)
            .join("\n")}`,
          { cause: error },
        );
      }
      situation = { ...situation, faults: place.situation.faults + choices.faults.length };
      const key = canonical(situation);
      const known = next.get(key);
      next.set(key, {
        situation,
        story: known?.story ?? tell(),
        histories: (known?.histories ?? 0) + place.histories,
      });
      script = choices.nextScript();
    }
  }
}

/** The choices of one run: first those of a script, then always the way without a fault. */
class Choices {
  readonly faults: string[] = [];
  readonly #taken: { index: number; ways: number }[] = [];
  readonly #script: readonly number[];
  readonly #maximumFaults: number;

  constructor(script: readonly number[], maximumFaults: number) {
    this.#script = script;
    this.#maximumFaults = maximumFaults;
  }

  readonly choose: Choose = (ways) => {
    const offered = this.faults.length < this.#maximumFaults ? ways.length : 1;
    const index = this.#script[this.#taken.length] ?? 0;
    this.#taken.push({ index, ways: offered });
    const way = ways[index] ?? ways[0];
    if (index > 0) this.faults.push(way);
    return way;
  };

  /** The script of the run that comes next, in the order of an odometer. */
  nextScript(): number[] | undefined {
    const last = this.#taken.findLastIndex(({ index, ways }) => index + 1 < ways);
    if (last === -1) return undefined;
    return this.#taken
      .slice(0, last + 1)
      .map(({ index }, position) => (position === last ? index + 1 : index));
  }
}
