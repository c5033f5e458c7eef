import { commandsIn, read } from "../package/documents";

export const GUIDE = "docs/guides/plugin.md";

/**
 * The arguments of a command as the guide shows it, for a test that runs it.
 * @param values what stands in the place of <names>.
 */
export function shown(beginning: string, values: Readonly<Record<string, string>> = {}): string[] {
  const [command, ...others] = commandsIn(read(GUIDE)).filter((line) => line.startsWith(beginning));
  if (command === undefined || others.length > 0) {
    throw new Error(`${GUIDE} shows not one command that begins "${beginning}"`);
  }
  const [, ...args] = command.split(" ");
  return args.map((arg) =>
    arg.replace(/^<(.+)>$/, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`"${command}" has an unknown <${name}>`);
      return value;
    }),
  );
}
