import { Progress } from "../../dev/progress";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function shown(isTTY: boolean): string {
  let text = "";
  const progress = new Progress({ isTTY, columns: 24, write: (more) => (text += more) });
  progress.begin("Building");
  jest.advanceTimersByTime(1_000);
  progress.detail("the first of two hundred packages");
  jest.advanceTimersByTime(1_000);
  progress.print("Built.");
  jest.advanceTimersByTime(60_000);
  return text;
}

test("rewrites one line on a terminal, with a clock", () => {
  expect(shown(true)).toBe(
    ["", "Building… 0:00", "Building… 0:01", "Building… 0:02, the fir", "Built.\n"].join(
      "\r\u001b[2K",
    ),
  );
});

test("keeps a log short", () => {
  expect(shown(false)).toBe("Building… 0:00\nBuilt.\n");
});
