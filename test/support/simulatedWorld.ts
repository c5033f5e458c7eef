import { connect } from "../../provider/azure/azure";
import { createLifecycle, type Lifecycle } from "../../provider/lifecycle/lifecycle";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../simulator";
import { StatefulEngine } from "./statefulEngine";

/** A lifecycle in this process that talks HTTPS to a simulator of its own. */
export interface SimulatedWorld {
  readonly simulator: Simulator;
  readonly lifecycle: Lifecycle;
  readonly engine: StatefulEngine;
  /** What the lifecycle told the user. */
  readonly told: string[];
  /** What each wait would have taken, in milliseconds; nothing is waited for. */
  readonly waits: number[];
  now: Date;
  /** Runs at each wait, in place of the time that passes. */
  onWait: () => void | Promise<void>;
}

export async function simulatedWorld(
  options: SimulatorOptions & { readonly environment?: NodeJS.ProcessEnv } = {},
): Promise<SimulatedWorld> {
  const simulator = await startSimulator(options);
  const told: string[] = [];
  const waits: number[] = [];
  const lifecycle = createLifecycle({
    now: () => world.now,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      await world.onWait();
    },
    environment: { ...simulator.environment(), ...options.environment },
    tell: (message) => told.push(message),
    connect: (configuration, namespace) =>
      connect(configuration, namespace, {
        retry: { maximumRetries: 2, firstDelay: 1, longestDelay: 5 },
        tls: { ca: simulator.certificateAuthority },
      }),
  });
  const world: SimulatedWorld = {
    simulator,
    lifecycle,
    engine: new StatefulEngine(lifecycle),
    told,
    waits,
    now: new Date(),
    onWait: () => undefined,
  };
  return world;
}

/** ARM requests that an action caused, in order. */
export async function requestsOf(
  { simulator }: SimulatedWorld,
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
