import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure";
import type { RecordedRequest } from "./recordedRequest";
import {
  type Answer,
  connectionReset,
  type OperationName,
  type Reply,
  type Service,
} from "./route";

/** Before or after the service has done what the request asks. */
export type FaultMoment = "BeforeEffect" | "AfterEffect";

/** What goes wrong with a request. */
export type Fault =
  /** The service answers an error of its usual form. */
  | {
      readonly kind: "Error";
      readonly status: number;
      readonly code: string;
      /** @default "Injected by the simulator." */
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** @default "BeforeEffect" */
      readonly when?: FaultMoment;
    }
  /** The connection is reset without an answer, before or after the effect. */
  | { readonly kind: "Drop"; readonly when: FaultMoment }
  /** The answer is late. */
  | { readonly kind: "Delay"; readonly milliseconds: number; readonly when: FaultMoment }
  /** The connection is reset now, and the request takes effect only later, or at `release()`. */
  | {
      readonly kind: "DelayedEffect";
      /** Without it, the effect waits for {@link InjectedFault.release}. */
      readonly milliseconds?: number;
    }
  /** Something else than the service's answer comes back: a gateway's page, for one. */
  | {
      readonly kind: "Body";
      /** Sent as it is, well-formed or not. */
      readonly body: string;
      /** @default the status of the true answer; 200 where there is none, "BeforeEffect" */
      readonly status?: number;
      /** In place of the service's of the same name: `Content-Type`, for one. */
      readonly headers?: Readonly<Record<string, string>>;
      /**
       * "BeforeEffect": the request never gets through to the service.
       * @default "AfterEffect"
       */
      readonly when?: FaultMoment;
    }
  /** The request takes effect, and the connection is reset in the middle of the answer. */
  | {
      readonly kind: "CutBody";
      /** Bytes of the body that still arrive. */
      readonly afterBytes: number;
    };

/** Which requests a fault befalls. */
export interface FaultInjection {
  readonly operation: OperationName;
  /** @default every account */
  readonly accountId?: string;
  /** @default every key vault */
  readonly vaultId?: string;
  /**
   * Matching requests to spare first.
   * @default 0
   */
  readonly after?: number;
  /**
   * Matching requests to befall then; Infinity for all.
   * @default 1
   */
  readonly times?: number;
  readonly fault: Fault;
}

/** An answer as a fault has left it: `rawBody` instead of the JSON, and how much of it is sent. */
export interface SpoiltReply extends Reply {
  readonly rawBody?: string;
  readonly cutAfterBytes?: number;
}

/** What a fault goes by. */
type BefallenRequest = Pick<RecordedRequest, "operation" | "accountId" | "vaultId">;

/** A fault that has been injected. */
export class InjectedFault {
  readonly #injection: FaultInjection;
  readonly #heldEffects = new Set<() => void>();
  #matches = 0;
  #removed = false;

  /** @internal Made by `Simulator.inject`. */
  constructor(injection: FaultInjection) {
    this.#injection = injection;
  }

  /** Requests befallen so far. */
  get hits(): number {
    const { after = 0, times = 1 } = this.#injection;
    return Math.max(0, Math.min(this.#matches - after, times));
  }

  /** Lets the effects that a "DelayedEffect" still holds back happen now. */
  release(): void {
    for (const effect of this.#heldEffects) {
      this.#happen(effect);
    }
  }

  /** Stops the fault from befalling further requests. */
  remove(): void {
    this.#removed = true;
  }

  /** @internal Counts a request, and says whether the fault befalls it. */
  befalls(request: BefallenRequest): boolean {
    const injection = this.#injection;
    const matches =
      !this.#removed &&
      injection.operation === request.operation &&
      isMeant(injection.accountId, request.accountId) &&
      isMeant(injection.vaultId, request.vaultId);
    if (!matches) {
      return false;
    }
    const hitsBefore = this.hits;
    this.#matches += 1;
    return this.hits > hitsBefore;
  }

  /** @internal Answers a befallen request; `effect` does what it asks. */
  async answer(
    service: Service,
    effect: () => Answer,
  ): Promise<SpoiltReply | typeof connectionReset> {
    const { fault } = this.#injection;
    switch (fault.kind) {
      case "Error":
        if (fault.when === "AfterEffect") {
          effect();
        }
        return errorReply(service, fault);
      case "Drop":
        if (fault.when === "AfterEffect") {
          effect();
        }
        return connectionReset;
      case "Delay":
        return fault.when === "BeforeEffect"
          ? sleep(fault.milliseconds, undefined, { ref: false }).then(effect)
          : sleep(fault.milliseconds, effect(), { ref: false });
      case "DelayedEffect":
        this.#hold(effect, fault.milliseconds);
        return connectionReset;
      case "Body":
        return spoil(fault.when === "BeforeEffect" ? { status: 200 } : effect(), (reply) => ({
          ...reply,
          status: fault.status ?? reply.status,
          headers: { ...reply.headers, ...fault.headers },
          rawBody: fault.body,
        }));
      case "CutBody":
        return spoil(effect(), (reply) => ({ ...reply, cutAfterBytes: fault.afterBytes }));
    }
  }

  #hold(effect: () => void, milliseconds: number | undefined): void {
    this.#heldEffects.add(effect);
    if (milliseconds !== undefined) {
      setTimeout(() => {
        this.#happen(effect);
      }, milliseconds).unref();
    }
  }

  /** Each effect happens once, on its time or on its release, whichever is first. */
  #happen(effect: () => void): void {
    if (this.#heldEffects.delete(effect)) {
      effect();
    }
  }
}

/** Ids are matched without case; an injection that names none means every one. */
function isMeant(injected: string | undefined, id: string | undefined): boolean {
  return injected === undefined || injected.toLowerCase() === id?.toLowerCase();
}

function errorReply(service: Service, fault: Extract<Fault, { kind: "Error" }>): Reply {
  const { status, code, message = "Injected by the simulator.", headers = {} } = fault;
  return { status, headers, body: service.errorBody(new Failure(status, code, message)) };
}

function spoil(answer: Answer, change: (reply: Reply) => SpoiltReply) {
  return answer === connectionReset ? answer : change(answer);
}
