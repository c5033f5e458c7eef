import { byTurns, milliseconds, ratioRow } from "../compare";
import { adoptFleet } from "../fleet";
import type { Bench, Measurement, Row } from "../measurement";
import { requireRequests, withSimulator } from "../simulatorProcess";
import { leastTime, leastTimeInWords } from "../writesBucket";

const STACKS = 10;
const AT_ONCE = 4;

/** Many accounts in one stack and in several, by examples/fleet; how they share Azure's limits. */
export const fleet: Measurement = {
  name: "fleet",
  run: async (bench) => [...(await oneOrMany(bench)), ...(await throttled(bench))],
};

async function oneOrMany({ pulumi, choose, progress }: Bench): Promise<Row[]> {
  const accounts = choose(1_000, 20);
  const many = choose(STACKS, 2);
  const run = (stacks: number, parallel: number) => () =>
    withSimulator({}, async (simulator) => {
      await simulator.createAccounts(accounts);
      const taken = await adoptFleet({ pulumi, simulator, accounts, stacks, parallel });
      requireRequests(await simulator.takeRequests(), adoptionRequests(accounts));
      return taken;
    });
  // Once: the largest takes minutes, of which a moment's disturbance is a small part.
  const times = await byTurns(
    1,
    { one: run(1, 1), inTurn: run(many, 1), atOnce: run(many, AT_ONCE) },
    progress,
  );
  const what = `${accounts.toLocaleString("en")} accounts adopted by examples/fleet in ${String(many)} stacks`;
  const row = (how: string, ours: number[], against: string, theirs: number[]): Row =>
    ratioRow({ what: `${what}, ${how}`, against, pairs: { ours, theirs }, unit: milliseconds });
  return [
    row("one after another", times.inTurn, "in one stack", times.one),
    row(`${String(AT_ONCE)} at once`, times.atOnce, "in one stack", times.one),
    row(`${String(AT_ONCE)} at once`, times.atOnce, "one after another", times.inTurn),
  ];
}

async function throttled({ pulumi, choose, progress }: Bench): Promise<Row[]> {
  const accounts = choose(1_000, 220);
  const stacks = choose(STACKS, 4);
  const bound = leastTime(accounts);
  progress(`throttled, ${String(AT_ONCE)} at once, at least ${milliseconds(bound)}`);
  return withSimulator({ throttle: true }, async (simulator) => {
    await simulator.createAccounts(accounts);
    const parallel = AT_ONCE;
    const taken = await adoptFleet({ pulumi, simulator, accounts, stacks, parallel });
    const counts = Object.entries(await simulator.takeRequests());
    const refused = counts.filter(([name]) => name.endsWith(" 429"));
    const answered = counts.filter(([name]) => !name.endsWith(" 429"));
    requireRequests(Object.fromEntries(answered), adoptionRequests(accounts));
    const count = refused.reduce((sum, [, times]) => sum + times, 0);
    return [
      ratioRow({
        what: `the same in ${String(stacks)} stacks, ${String(AT_ONCE)} at once, under Resource Manager's own throttling, none failed; ${String(count)} of ${String(2 * accounts + count)} requests answered 429`,
        against: leastTimeInWords(accounts),
        pairs: { ours: [taken], theirs: [bound] },
        unit: milliseconds,
      }),
    ];
  });
}

/** The requests of listing so many accounts and adopting them, when none is refused. */
function adoptionRequests(count: number): Record<string, number> {
  const pages = Math.ceil(count / 100);
  return { "list 200": pages, "get 200": count, "listKeys 200": count };
}
