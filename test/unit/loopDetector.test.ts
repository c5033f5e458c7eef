import fc from "fast-check";
import { LoopDetector } from "../../provider/azure/loopDetector";

/** How many links are taken until the detector says that it is back; undefined if it never does. */
function linksTaken(chain: Iterable<string>): number | undefined {
  const detector = new LoopDetector();
  let taken = 0;
  for (const link of chain) {
    taken += 1;
    if (detector.isBackAt(link)) return taken;
  }
  return undefined;
}

function* numbers(count: number, next: (position: number) => number): Generator<string> {
  for (let position = 0, taken = 0; taken < count; taken += 1, position = next(position)) {
    yield String(position);
  }
}

test("a chain without a loop is gone through, however long", () => {
  expect(linksTaken(numbers(10_000, (position) => position + 1))).toBeUndefined();
});

test("a link to itself is noticed the second time", () => {
  expect(linksTaken(["a", "a"])).toBe(2);
});

test("every loop is found, before it has been gone through three times", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 60 }), (tail, length) => {
      const chain = numbers(1_000, (position) =>
        position + 1 === tail + length ? tail : position + 1,
      );
      const taken = linksTaken(chain) ?? Infinity;
      expect(taken).toBeGreaterThan(length);
      expect(taken).toBeLessThanOrEqual(3 * (tail + length));
    }),
  );
});
