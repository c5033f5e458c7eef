import { type SimulatorOptions, startSimulator } from "pulumi-azure-batch-key-rotation/simulator";

/*
 * The embedded Azure in a process of its own: what it computes must not take its turn on the event
 * loop of the client that is measured.
 */

export const RESOURCE_GROUP = "bench";

/** How many requests of each operation were answered, by "operation status". */
export type RequestCounts = Readonly<Record<string, number>>;

/** What the parent may ask for, and the answer's type. */
export interface SimulatorCommands {
  /** Creates so many accounts, with these properties, and answers their ids. */
  readonly createAccounts: {
    readonly argument: { readonly count: number; readonly properties: object };
    readonly answer: string[];
  };
  /** Counts the requests since it was last asked. */
  readonly takeRequests: { readonly argument: undefined; readonly answer: RequestCounts };
}

type Handlers = {
  readonly [Name in keyof SimulatorCommands]: (
    argument: SimulatorCommands[Name]["argument"],
  ) => SimulatorCommands[Name]["answer"];
};

async function main(options: SimulatorOptions): Promise<void> {
  const simulator = await startSimulator(options);
  const vault = simulator.createVault({ name: "vault" });
  let accounts = 0;
  let counted = 0;
  const handlers: Handlers = {
    createAccounts: ({ count, properties }) =>
      Array.from({ length: count }, () => {
        accounts += 1;
        return simulator.createAccount({
          name: `account${String(accounts)}`,
          resourceGroupName: RESOURCE_GROUP,
          properties: { ...properties },
        });
      }),
    takeRequests: () => {
      const counts: Record<string, number> = {};
      for (const { operation, status } of simulator.requests.slice(counted)) {
        const name = `${operation} ${String(status)}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
      counted = simulator.requests.length;
      return counts;
    },
  };
  process.on("message", ({ name, argument }: { name: keyof Handlers; argument: never }) => {
    process.send?.(handlers[name](argument));
  });
  // Ctrl-C reaches the whole group of processes; the parent cleans up and lets go of this one last.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => {
    void simulator.close().then(() => process.exit());
  });
  process.send?.({
    url: simulator.url,
    vaultUri: vault.uri,
    environment: simulator.environment(),
    certificateAuthorityFile: simulator.certificateAuthorityFile,
  });
}

void main(JSON.parse(process.argv[2] ?? "{}") as SimulatorOptions);
