import { connect, type Socket } from "node:net";
import { setImmediate as endOfRound } from "node:timers/promises";
import { NotSentError } from "../azure/errors";

/**
 * Refuses to go on when Pulumi's engine is gone. A provider's process outlives an engine that was
 * killed: after a wait it would regenerate a key that the user's next update has meanwhile rotated
 * and handed out.
 *
 * A connection is held for it: the system closes that when the engine ends, whatever ended it.
 * @param address host and port of the engine's server, which it passes to a plugin as the first
 *   argument; anything else tells nothing, and is let through.
 */
export async function requireEngine(address: string | undefined): Promise<void> {
  const [, host, port] = /^([^:]+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || (await isThere(host, Number(port)))) return;
  throw new NotSentError(
    `Pulumi's engine at ${host}:${String(port)} is gone: no key was changed on its behalf`,
    'run "pulumi cancel", then "pulumi up" again',
  );
}

/** The connection to the one engine that this process serves. */
let connection: Socket | undefined;

async function isThere(host: string, port: number): Promise<boolean> {
  // That the connection was closed is known once the event loop has gone round: as far as the
  // end of this round, and through the next, which asks the system anew.
  await endOfRound();
  await endOfRound();
  if (connection !== undefined) return true;
  // Not yet connected, or closed by a server that wonders why nothing is said.
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.unref();
    socket.once("connect", () => {
      connection = socket;
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code !== "ECONNREFUSED");
    });
    for (const end of ["end", "close"]) {
      socket.once(end, () => {
        if (connection === socket) connection = undefined;
      });
    }
    socket.resume(); // a socket that is not read does not notice its end
  });
}
