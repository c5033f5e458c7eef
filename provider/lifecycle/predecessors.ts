import { parseBatchAccountId } from "../azure/batchAccountId";
import { remembered } from "../azure/remembered";
import type { Predecessor, PreviousRotation } from "../rotation/decision";
import type { RotationInputs, RotationOutputs } from "../rotation/properties";
import { isPredecessor, previousRotation } from "../rotation/state";

/** Where Pulumi's engine tells the state of the stack, and which resource is being checked. */
export interface EngineReference {
  /** Address of the engine's resource monitor. */
  readonly monitor: string;
  readonly stack: string;
  readonly urn: string;
}

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
  readonly #rotatedAt = new Map<string, string>();
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
    this.#noteTime(done);
  }

  /** Learns that a refresh does not find an account where it was: it may have moved. */
  vanished(done: RotationOutputs): void {
    this.#gone.add(done.accountId.toLowerCase());
    this.#vanished.set(done.accountName.toLowerCase(), previousRotation(done));
    this.#noteTime(done);
  }

  /** When the key was regenerated that these inputs of a moved rotation hand on, if it is known. */
  rotatedAt(inputs: RotationInputs): string | undefined {
    return this.#rotatedAt.get(decisionName(inputs));
  }

  /** What a resource without old inputs may go on from. */
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
    const rotations = await remembered(this.#states, engine.monitor, () =>
      this.#readRotations(engine),
    );
    for (const { urn, outputs } of rotations) {
      if (!isPredecessor(outputs)) continue;
      const isSameResource = urn === engine.urn;
      // Another resource says nothing of an account that is not its own.
      if (!isSameResource && outputs.accountId.toLowerCase() !== id) continue;
      found.push({ rotation: previousRotation(outputs), isSameResource });
      this.#noteTime(outputs);
    }
    return found;
  }

  #noteTime(done: RotationOutputs): void {
    if (done.rotatedAt !== undefined) this.#rotatedAt.set(decisionName(done), done.rotatedAt);
  }
}

/** A decision keeps its time and its number wherever it moves. */
function decisionName({ accountName, generation, rotationDecidedAt }: RotationInputs): string {
  return [accountName.toLowerCase(), generation, rotationDecidedAt].join();
}
