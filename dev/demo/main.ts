/** `npm run demo`: the whole life of a rotated Batch account in half a minute, without Azure. */
import { Progress } from "../progress";
import { ensurePulumi } from "../pulumi-cli/ensurePulumi";
import { runDemo } from "./runDemo";

/** As a shell shows it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const { stdout, stderr, env } = process;
  // There is nothing to clean up yet; ending now also ends a build of the CLI.
  const endAtOnce = (): never => process.exit(INTERRUPTED);
  onInterruption(endAtOnce);
  const pulumi = await ensurePulumi({ progress: new Progress(stderr) });
  offInterruption(endAtOnce);

  const interruption = new AbortController();
  onInterruption(() => {
    interruption.abort();
  });
  const live = stdout.isTTY;
  const { problems } = await runDemo({
    pulumi,
    write: (text) => stdout.write(text),
    live,
    columns: stdout.columns,
    // https://no-color.org
    colour: live && !env["NO_COLOR"],
    signal: interruption.signal,
  });
  if (interruption.signal.aborted) return INTERRUPTED;
  return problems.length === 0 ? 0 : 1;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function onInterruption(listener: () => void): void {
  for (const signal of SIGNALS) process.on(signal, listener);
  // A reader that went away, as in `npm run demo | head`.
  process.stdout.on("error", listener);
}

function offInterruption(listener: () => void): void {
  for (const signal of SIGNALS) process.off(signal, listener);
  process.stdout.off("error", listener);
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  },
);
