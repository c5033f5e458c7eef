import { withAzureCli } from "../azureCli";
import { byTurns, differences, milliseconds, notMeasuredRow, ratioRow } from "../compare";
import type { Bench, Measurement, Row } from "../measurement";
import { runProgram } from "../runProgram";
import { requireRequests, type SimulatorProcess, withSimulator } from "../simulatorProcess";
import { KINDS, withStacks } from "../stack";

const AT_ONCE = 16;
/** Of `az`; the loop over all accounts is a multiple of them. */
const CALLS = 5;

/** Rotates all accounts, and answers the milliseconds that it took, or would have taken. */
type Loop = () => Promise<number>;

export const hundredAccounts: Measurement = {
  name: "hundred-accounts",
  run: (bench) =>
    withSimulator({}, async (simulator) => {
      const accountIds = await simulator.createAccounts(bench.choose(100, 10));
      const { azureCli } = bench;
      if (azureCli === undefined) return compare(bench, simulator, accountIds, undefined);
      const calls = accountIds.slice(0, CALLS);
      return withAzureCli(azureCli, simulator, (renew) =>
        compare(bench, simulator, accountIds, async () => {
          const startedAt = performance.now();
          for (const accountId of calls) await renew(accountId);
          return ((performance.now() - startedAt) / calls.length) * accountIds.length;
        }),
      );
    }),
};

async function compare(
  { pulumi, choose, progress }: Bench,
  simulator: SimulatorProcess,
  accountIds: readonly string[],
  azureCliLoop: Loop | undefined,
): Promise<Row[]> {
  const count = accountIds.length;
  const rounds = choose(3, 1);
  const script =
    (atOnce: number): Loop =>
    async () => {
      const input = { accountIds, atOnce };
      const { environment } = simulator;
      return (await runProgram("armBatchScript.js", { input, environment })).milliseconds;
    };
  const times = await withStacks(
    { pulumi, simulator, accountIds },
    ["rotations", "empty"],
    async ({ rotations, empty }) => {
      progress(`creating two stacks of ${String(count)} resources`);
      await rotations.up(1, "created");
      await empty.up(1, "created");
      await simulator.takeRequests();
      let version = 1;
      return byTurns(
        rounds,
        {
          "pulumi up": () => rotations.up((version += 1), "updated"),
          "empty resources": () => empty.up(version, "updated"),
          "script, one by one": script(1),
          "script, 16 at once": script(AT_ONCE),
          az: azureCliLoop,
        },
        progress,
      );
    },
  );
  const azCalls = azureCliLoop === undefined ? 0 : CALLS;
  requireRequests(await simulator.takeRequests(), {
    "get 200": count * rounds,
    // By pulumi up, and by the script twice.
    "regenerateKeys 200": (3 * count + azCalls) * rounds,
    "dataPlane 200": count * rounds,
  });

  const up = times["pulumi up"];
  const inTurn = times["script, one by one"];
  const what = `${String(count)} accounts by one pulumi up`;
  const against = (other: string, theirs: number[], goal = {}): Row =>
    ratioRow({ what, against: other, pairs: { ours: up, theirs }, unit: milliseconds, ...goal });
  const loop = "a shell loop of az batch account keys renew";
  return [
    ...(azureCliLoop === undefined
      ? [notMeasuredRow(what, `${loop} (--with-azure-cli)`, "at most 0.10 x")]
      : [
          against(
            `${loop} (${String(CALLS)} of ${String(count)} calls measured, and multiplied)`,
            times.az,
            { goal: 0.1 },
          ),
          ratioRow({
            what: `for comparison, Pulumi alone: ${String(count)} ${KINDS.empty} by one pulumi up`,
            against: loop,
            pairs: { ours: times["empty resources"], theirs: times.az },
            unit: milliseconds,
          }),
        ]),
    against("a script over @azure/arm-batch, one by one", inTurn),
    against(`the same, ${String(AT_ONCE)} at once`, times["script, 16 at once"]),
    ratioRow({
      what: `${what}, less what Pulumi takes for as many empty dynamic resources`,
      against: "a script over @azure/arm-batch, one by one",
      pairs: {
        ours: differences({ ours: up, theirs: times["empty resources"] }),
        theirs: inTurn,
      },
      unit: milliseconds,
    }),
  ];
}
