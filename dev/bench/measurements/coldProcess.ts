import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { installPackage, linkInstalledPackages } from "../../workspace/nodeModules";
import { PACKAGE_NAME, packPackage, REPOSITORY } from "../../workspace/packedPackage";
import { timeFirstCreate } from "../coldProvider";
import { byTurns } from "../measure";
import type { Measurement } from "../measurement";
import { requireRequests, rotationRequests } from "../requests";
import { differenceRow, milliseconds } from "../rows";
import { runProgram } from "../runProgram";
import { withSimulator } from "../simulatorProcess";

/** The text of the provider as state files hold it. */
const SHIM = path.join(REPOSITORY, "test/fixtures/shim.txt");

export const coldProcess: Measurement = {
  name: "cold-process",
  run: ({ choose, progress }) =>
    withSimulator({}, async (simulator) => {
      const folder = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "bench-provider-")));
      try {
        const nodeModules = path.join(folder, "node_modules");
        await linkInstalledPackages(nodeModules);
        await installPackage(nodeModules, PACKAGE_NAME, await packPackage());
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
        return {
          rows: [
            differenceRow({
              what: "first rotation in a cold provider process, from its start to its answer",
              against: "the same process with a provider that does nothing",
              pairs: { ours: times.rotation, theirs: times.empty },
              unit: milliseconds,
              goal: 250,
            }),
          ],
        };
      } finally {
        await fs.rm(folder, { recursive: true });
      }
    }),
};
