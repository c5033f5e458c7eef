import { BrokenMeasurement } from "../brokenMeasurement";
import { bytes, byTurns, milliseconds, ratioRow } from "../compare";
import type { Measurement } from "../measurement";
import { runProgram } from "../runProgram";
import { requireRequests, withSimulator } from "../simulatorProcess";

const PAGE_SIZE = 100;
/**
 * In recordings of the live service an account has 62 quotas of families of virtual machines; the
 * simulator's have three. As many rules more make the answer as long, and as much work.
 */
const IP_RULES = 59;

interface Listed {
  readonly count: number;
  readonly milliseconds: number;
  readonly bytes: number;
}

export const listing: Measurement = {
  name: "listing",
  run: ({ choose, progress }) =>
    withSimulator({ pageSize: PAGE_SIZE }, async (simulator) => {
      const accounts = choose(10_000, 1_000);
      const rounds = choose(10, 2);
      await simulator.createAccounts(accounts, networkProfile());

      const memory: Record<string, number[]> = {};
      const list = (client: string, mode: string) => async () => {
        const { output } = await runProgram<Listed>("listing.js", {
          arguments: [client, mode],
          environment: simulator.environment,
        });
        if (output.count !== accounts) {
          throw new BrokenMeasurement(`${client} listed ${String(output.count)} accounts`);
        }
        (memory[`${client} ${mode}`] ??= []).push(output.bytes);
        return output.milliseconds;
      };
      const times = await byTurns(
        rounds,
        {
          "package collected": list("package", "collected"),
          "arm-batch collected": list("arm-batch", "collected"),
          "package streamed": list("package", "streamed"),
          "arm-batch streamed": list("arm-batch", "streamed"),
        },
        progress,
      );
      const pages = (accounts / PAGE_SIZE) * rounds * Object.keys(times).length;
      requireRequests(await simulator.takeRequests(), { "list 200": pages });

      const count = accounts.toLocaleString("en");
      return [
        ratioRow({
          what: `${count} accounts by getBatchAccounts, sign-in included`,
          against: "the list of @azure/arm-batch, collected",
          pairs: { ours: times["package collected"], theirs: times["arm-batch collected"] },
          unit: milliseconds,
          goal: 0.5,
        }),
        ratioRow({
          what: `${count} accounts by streamBatchAccounts: what the process grew by at its largest (maxRSS)`,
          against: "the list of @azure/arm-batch, gone through one by one",
          pairs: {
            ours: memory["package streamed"] ?? [],
            theirs: memory["arm-batch streamed"] ?? [],
          },
          unit: bytes,
          goal: 0.5,
        }),
      ];
    }),
};

function networkProfile(): object {
  const ipRules = Array.from({ length: IP_RULES }, (_, index) => ({
    action: "Allow",
    value: `10.0.0.${String(index)}`,
  }));
  return { networkProfile: { accountAccess: { defaultAction: "Deny", ipRules } } };
}
