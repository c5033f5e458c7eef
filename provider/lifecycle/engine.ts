import { connect } from "node:net";
import { AzureError } from "../azure/errors";

/**
 * Refuses to go on when Pulumi's engine is gone. A provider's process outlives an engine that was
 * killed: after a wait it would regenerate a key that the user's next update has meanwhile rotated
 * and handed out.
 * @param address host and port of the engine's server, which it passes to a plugin as the first
 *   argument; anything else tells nothing, and is let through.
 */
export async function requireEngine(address: string | undefined): Promise<void> {
  const [, host, port] = /^([^:]+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || (await listens(host, Number(port)))) return;
  throw new AzureError(
    `Pulumi's engine at ${host}:${String(port)} is gone: no key was changed on its behalf. Next: run "pulumi cancel", then "pulumi up" again`,
    "refused",
  );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code !== "ECONNREFUSED");
    });
  });
}
