import { type ConnectionDependencies, connectWith } from "../../provider/azure/connections";
import type { HttpOptions } from "../../provider/azure/http/client";
import { InFlightCalls, type InFlightCallsOptions } from "../../provider/azure/http/inFlight";
import type { RetryOptions } from "../../provider/azure/http/retry";
import { unconfigured } from "../../provider/hosts/dynamic/unconfigured";
import { createLifecycle, type Lifecycle } from "../../provider/lifecycle/lifecycle";
import {
  type SimulatedAccount,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../simulator";
import { StatefulEngine } from "./statefulEngine";

/** A lifecycle in this process that talks HTTPS to a simulator of its own. */
export interface SimulatedWorld {
  readonly simulator: Simulator;
  readonly lifecycle: Lifecycle;
  /** The lifecycle as the process of another command has it: it knows nothing of this one. */
  readonly newProcess: (options?: { readonly isConfigured?: boolean }) => Lifecycle;
  readonly engine: StatefulEngine;
  /** What the lifecycle told the user. */
  readonly told: string[];
  /** What each wait would have taken, in milliseconds; nothing is waited for. */
  readonly waits: number[];
  now: Date;
  /** Whether the engine fails to tell the stack's state. */
  stateIsOutOfReach: boolean;
  /** Runs at each wait, in place of the time that passes. */
  onWait: () => void | Promise<void>;
}

export async function simulatedWorld(
  options: SimulatorOptions & DependencyOptions = {},
): Promise<SimulatedWorld> {
  const simulator = await startSimulator(options);
  const told: string[] = [];
  const waits: number[] = [];
  const newProcess = ({ isConfigured = true } = {}) => {
    const lifecycle = createLifecycle({
      now: () => world.now,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        await world.onWait();
        return true;
      },
      unconfigured,
      log: (message) => told.push(message),
      rotationsInState: () =>
        world.stateIsOutOfReach
          ? Promise.reject(new Error("the state is out of reach"))
          : Promise.resolve(world.engine.rotationsInState()),
      ...simulatedDependencies(simulator, {
        ...options,
        log: (message) => told.push(message),
      }),
    });
    if (isConfigured) void lifecycle.configure({ config: { get: () => undefined } });
    return lifecycle;
  };
  const lifecycle = newProcess();
  const world: SimulatedWorld = {
    simulator,
    lifecycle,
    newProcess,
    engine: new StatefulEngine(lifecycle),
    told,
    waits,
    now: new Date(),
    stateIsOutOfReach: false,
    onWait: () => undefined,
  };
  return world;
}

/** A world with one account in it. */
export async function worldWithAccount(
  options?: Parameters<typeof simulatedWorld>[0],
): Promise<{ world: SimulatedWorld; accountId: string; account: SimulatedAccount }> {
  const world = await simulatedWorld(options);
  const accountId = world.simulator.createAccount({
    name: "rotated",
    resourceGroupName: "group",
  });
  return { world, accountId, account: world.simulator.account(accountId) };
}

export type DependencyOptions = {
  readonly environment?: NodeJS.ProcessEnv;
  readonly retry?: Partial<RetryOptions>;
  readonly http?: Partial<HttpOptions>;
} & InFlightCallsOptions;

/** What a connection to the simulator takes; failed requests are soon sent again. */
export function simulatedDependencies(
  simulator: Simulator,
  options: DependencyOptions = {},
): ConnectionDependencies {
  return {
    environment: { ...simulator.environment(), ...options.environment },
    connect: connectWith({
      retry: { maximumRetries: 2, firstDelay: 1, ...options.retry },
      calls: new InFlightCalls(options),
      tls: { ca: simulator.certificateAuthority },
      ...options.http,
    }),
  };
}

/** ARM requests that an action caused, in order. */
export async function requestsOf(
  { simulator }: { readonly simulator: Simulator },
  action: () => Promise<unknown>,
): Promise<string[]> {
  const before = simulator.requests.length;
  await action();
  return simulator.requests
    .slice(before)
    .map(({ operation }) => operation)
    .filter((operation) => !SIGN_IN.has(operation));
}

const SIGN_IN = new Set<string>(["metadata", "openIdConfiguration", "token"]);
