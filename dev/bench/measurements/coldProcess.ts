import * as fs from "node:fs/promises";
import * as path from "node:path";
import { REPOSITORY } from "../../workspace/packedPackage";
import { prepareProviderFolder, ProviderProcess } from "../../workspace/providerProcess";
import { byTurns, differenceRow, milliseconds } from "../compare";
import type { Measurement } from "../measurement";
import { runProgram } from "../runProgram";
import { requireRequests, rotationRequests, withSimulator } from "../simulatorProcess";

/** The text of the provider as state files hold it. */
const SHIM = path.join(REPOSITORY, "test/fixtures/shim.txt");

export const coldProcess: Measurement = {
  name: "cold-process",
  run: ({ choose, progress }) =>
    withSimulator({}, async (simulator) => {
      const folder = await prepareProviderFolder();
      try {
        const shim = await fs.readFile(SHIM, "utf8");
        const { output: emptyText } = await runProgram<string>("emptyProviderText.js", {
          environment: {},
        });

        const rounds = choose(20, 3);
        const accountIds = await simulator.createAccounts(rounds);
        const time = (properties: Record<string, string>) =>
          timeFirstCreate(folder, simulator.environment, properties);
        const times = await byTurns(
          rounds,
          {
            rotation: () => time({ __provider: shim, accountId: accountIds.pop() ?? "" }),
            empty: () => time({ __provider: emptyText }),
          },
          progress,
        );
        requireRequests(await simulator.takeRequests(), rotationRequests(rounds));
        return [
          differenceRow({
            what: "first rotation in a cold provider process, from its start to its answer",
            against: "the same process with a provider that does nothing",
            pairs: { ours: times.rotation, theirs: times.empty },
            unit: milliseconds,
            goal: 250,
          }),
        ];
      } finally {
        await fs.rm(folder, { recursive: true });
      }
    }),
};

/**
 * Starts the process in which Pulumi's SDK runs dynamic providers, has it create one resource as the
 * engine would, and kills it.
 * @returns milliseconds from the start of the process to the answer.
 */
async function timeFirstCreate(
  folder: string,
  environment: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, string>>,
): Promise<number> {
  const startedAt = performance.now();
  const provider = await ProviderProcess.start(environment, folder);
  try {
    await provider.configure({});
    const { inputs } = await provider.check({}, properties);
    await provider.create(inputs);
    return performance.now() - startedAt;
  } finally {
    await provider.stop();
  }
}
