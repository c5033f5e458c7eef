import { fork } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { SimulatorOptions } from "pulumi-azure-batch-key-rotation/simulator";
import { BrokenMeasurement } from "./brokenMeasurement";
import type { RequestCounts, SimulatorCommands } from "./programs/simulator";

/** How often a client signs in, and where, is not what is measured. */
const SIGN_IN = /^((metadata|openIdConfiguration|token) 200|vaultChallenge 401)$/;

/** An embedded Azure that runs in another process. */
export interface SimulatorProcess {
  readonly url: string;
  /** Of its key vault. */
  readonly vaultUri: string;
  /** The environment for programs that are to use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly certificateAuthorityFile: string;
  createAccounts(count: number, properties?: object): Promise<string[]>;
  /** The requests since it was last asked. */
  takeRequests(): Promise<RequestCounts>;
}

/** Starts a simulator, and ends it when the work is done, however it ends. */
export async function withSimulator<Result>(
  options: SimulatorOptions,
  work: (simulator: SimulatorProcess) => Promise<Result>,
): Promise<Result> {
  const child = fork(path.join(__dirname, "programs/simulator.ts"), [JSON.stringify(options)]);
  const nextMessage = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, "message"), ended])) as unknown[];
    return message;
  };
  const ended = once(child, "exit").then(() => {
    throw new Error("the simulator's process has ended");
  });
  ended.catch(() => undefined);

  const ask = async <Name extends keyof SimulatorCommands>(
    name: Name,
    argument: SimulatorCommands[Name]["argument"],
  ): Promise<SimulatorCommands[Name]["answer"]> => {
    const answer = nextMessage();
    child.send({ name, argument });
    return (await answer) as SimulatorCommands[Name]["answer"];
  };
  try {
    const described = (await nextMessage()) as Omit<
      SimulatorProcess,
      "createAccounts" | "takeRequests"
    >;
    return await work({
      ...described,
      createAccounts: (count, properties = {}) => ask("createAccounts", { count, properties }),
      takeRequests: () => ask("takeRequests", undefined),
    });
  } finally {
    if (child.connected) child.disconnect();
    await ended.catch(() => undefined);
  }
}

/** Makes sure that a measurement sent the requests that it is about, and no others. */
export function requireRequests(
  counts: RequestCounts,
  expected: Readonly<Record<string, number>>,
): void {
  const found = Object.entries(counts).filter(([name]) => !SIGN_IN.test(name));
  const sent = inWords(found);
  const wanted = inWords(Object.entries(expected));
  if (sent !== wanted) throw new BrokenMeasurement(`the requests were ${sent}, not ${wanted}`);
}

function inWords(counts: readonly (readonly [string, number])[]): string {
  const texts = counts.map(([name, count]) => `${String(count)} x ${name}`);
  return texts.length === 0 ? "none" : texts.sort().join(", ");
}

/** The requests of so many rotations that went well, with the new key tried, as by default. */
export function rotationRequests(count: number): Record<string, number> {
  return { "get 200": count, "regenerateKeys 200": count, "dataPlane 200": count };
}
