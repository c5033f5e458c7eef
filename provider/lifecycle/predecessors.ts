import { memoize } from "../azure/memoize";
import { parseBatchAccountId } from "../rotation/batchAccountId";
import type { Predecessor, PreviousRotation } from "../rotation/decision";
import type { EngineReference } from "../rotation/hiddenInputs";
import type { RotationInputs, RotationOutputs } from "../rotation/properties";
import { isOfGet, previousRotation, whyNoPredecessor } from "../rotation/state";

/** A rotation as the stack's state keeps it. */
export interface RotationInState {
  readonly urn: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** @throws Error that says why the state could not be read. */
export type ReadRotations = (engine: EngineReference) => Promise<readonly RotationInState[]>;

/**
 * What this process has learnt of rotations that a new resource may go on from. The engine checks
 * what it creates without old inputs, even where it takes the place of a resource that has some:
 * - Where a change replaces a resource (replacementTrigger, replaceWith, a moved account), it has
 *   asked with the old inputs just before.
 * - On demand (`--replace`, `pulumi state taint`), or under another name, it has not. Then the
 *   stack's state is looked into.
 */
export class Predecessors {
  readonly #readRotations: ReadRotations;
  /** By the account that the program wants now; UNKNOWN in a preview. */
  readonly #replaceable = new Map<string, PreviousRotation>();
  /** By the account's name. */
  readonly #vanished = new Map<string, PreviousRotation>();
  /** Accounts that are gone: what is made anew under their ids has other keys. */
  readonly #gone = new Set<string>();
  /** The outputs that this process has seen, of any rotation. */
  readonly #seen: RotationOutputs[] = [];
  readonly #states = new Map<string, Promise<readonly RotationInState[]>>();

  constructor(readRotations: ReadRotations) {
    this.#readRotations = readRotations;
  }

  /** Learns from a check with old inputs which account its resource is to have. */
  checked(old: RotationInputs, accountId: string): void {
    this.#replaceable.set(accountId.toLowerCase(), old);
  }

  /** Learns from a diff what is in state. */
  compared(done: RotationOutputs): void {
    this.#seen.push(done);
  }

  /** Learns that a refresh does not find an account where it was: it may have moved. */
  vanished(done: RotationOutputs): void {
    this.#gone.add(done.accountId.toLowerCase());
    this.#vanished.set(done.accountName.toLowerCase(), previousRotation(done));
    this.#seen.push(done);
  }

  /** The rotations, as far as they are known, of accounts that have the name of this one. */
  ofAccountName(accountName: string): readonly RotationOutputs[] {
    const name = accountName.toLowerCase();
    return this.#seen.filter((done) => done.accountName.toLowerCase() === name);
  }

  /**
   * What a resource without old inputs may go on from.
   * @throws Error when state cannot be read that it would have to go on from.
   */
  async of(accountId: string, engine: EngineReference | undefined): Promise<Predecessor[]> {
    const id = accountId.toLowerCase();
    if (this.#gone.has(id)) return [];
    const name = parseBatchAccountId(id)?.accountName;
    const found = [this.#replaceable.get(id), this.#vanished.get(name ?? "")]
      .filter((rotation) => rotation !== undefined)
      .map((rotation): Predecessor => ({ rotation, isSameResource: true }));
    const isEnough = found.some(
      ({ rotation }) => name === undefined || rotation.accountName.toLowerCase() === name,
    );
    if (isEnough || engine === undefined) return found;
    const rotations = await memoize(this.#states, engine.monitor, () =>
      this.#readRotations(engine),
    );
    for (const { urn, outputs } of rotations) {
      if (isOfGet(outputs)) continue;
      const isSameResource = urn === engine.urn;
      const isOfAccount = String(outputs["accountId"]).toLowerCase() === id;
      const reason = whyNoPredecessor(outputs);
      if (reason !== undefined) {
        if (isSameResource || isOfAccount) throw new Error(reason);
        continue;
      }
      const done = outputs as unknown as RotationOutputs;
      this.#seen.push(done);
      // Another resource says nothing of an account that is not its own.
      if (isSameResource || isOfAccount) {
        found.push({ rotation: previousRotation(done), isSameResource });
      }
    }
    return found;
  }
}
