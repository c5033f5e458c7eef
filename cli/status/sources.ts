import { execFile, type ExecFileException } from "node:child_process";
import * as fs from "node:fs/promises";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { redact } from "../../provider/azure/redact";

/** Where the state of a stack is read from. */
export interface Source {
  /** The stack or the file, as a message names it. */
  readonly name: string;
  /** @throws Error that says why it cannot be read, and what to do next. */
  readonly read: () => Promise<string>;
}

/** @param file a path, or "-" for standard input. */
export function exportedFile(file: string): Source {
  if (file === "-") return { name: "standard input", read: () => text(process.stdin) };
  return {
    name: file,
    read: () =>
      fs.readFile(file, "utf8").catch((error: unknown) => {
        const { code = "an unknown error" } = error as NodeJS.ErrnoException;
        const what = WHY_NO_FILE[code] ?? `reading it failed with ${code}`;
        throw new Error(
          `${what}. Next: write the file with "pulumi stack export --file ${file}", or name another one`,
          { cause: error },
        );
      }),
  };
}

const WHY_NO_FILE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
};

/** @param stack undefined for the one that is selected in this folder. */
export function stackOfProject(stack: string | undefined): Source {
  const args = stack === undefined ? [] : ["--stack", stack];
  return {
    name: stack === undefined ? "the selected stack" : `stack ${stack}`,
    // Without --show-secrets: keys stay encrypted, and no passphrase is needed.
    read: () => pulumi(["stack", "export", ...args]),
  };
}

/**
 * Every stack of the project in this folder.
 * @throws Error that says why they cannot be listed, and what to do next.
 */
export async function stacksOfProject(): Promise<Source[]> {
  const stacks = JSON.parse(await pulumi(["stack", "ls", "--json"])) as { name: string }[];
  return stacks.map(({ name }) => stackOfProject(name));
}

async function pulumi(args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(
    "pulumi",
    [...args, "--non-interactive", "--color", "never"],
    {
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      maxBuffer: Infinity,
    },
  );
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (error) {
    const { code, stderr = "" } = error as ExecFileException;
    const command = `"pulumi ${args.join(" ")}"`;
    if (code === "ENOENT") {
      throw new Error(
        `${command} could not be run: there is no pulumi on PATH. Next: install the Pulumi CLI, or name files that "pulumi stack export" has written elsewhere`,
        { cause: error },
      );
    }
    const said = redact(stderr.replace(/^error: /, ""));
    const [, next] = NEXT.find(([pattern]) => pattern.test(said)) ?? [
      undefined,
      `run ${command} in this folder, and mend what it says`,
    ];
    throw new Error(`${command} in ${process.cwd()} failed: ${said}. Next: ${next}`, {
      cause: error,
    });
  }
}

/** What to do about Pulumi's own messages. */
const NEXT: readonly (readonly [RegExp, string])[] = [
  [
    /no stack selected/,
    'select one with "pulumi stack select", name one with --stack, or take --all',
  ],
  [/no stack named/, '"pulumi stack ls" lists the stacks of this project'],
  [/no Pulumi\.yaml/, "run this in the folder of a Pulumi project, or name exported files"],
  [
    /PULUMI_ACCESS_TOKEN|log ?in/i,
    'sign in with "pulumi login", or set PULUMI_ACCESS_TOKEN (and PULUMI_BACKEND_URL for another backend)',
  ],
];
