import { once } from "node:events";
import type { Server as HttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";

/** Vaults that can be made before the event loop gets to open further ports. */
const SPARE_PORTS = 16;

/**
 * A port of its own for each key vault. In Azure a vault's host bears its name, and ids of secrets
 * are URIs on that host; names under localhost are not resolved everywhere, so ports stand for them.
 */
export class VaultPorts {
  readonly #server: HttpsServer;
  /** Already listening: a vault's address is to be known as soon as the vault is made. */
  readonly #spare: Server[] = [];
  readonly #taken = new Map<number, Server>();
  #closed = false;

  constructor(server: HttpsServer) {
    this.#server = server;
  }

  /** @param server what answers the connections to every port. */
  static async open(server: HttpsServer): Promise<VaultPorts> {
    const ports = new VaultPorts(server);
    await Promise.all(Array.from({ length: SPARE_PORTS }, () => ports.#listen()));
    return ports;
  }

  take(): number {
    const listener = this.#spare.shift();
    if (!listener) {
      throw new Error(
        `The simulator opens ports for ${String(SPARE_PORTS)} key vaults at once: await something ` +
          "before you make more.",
      );
    }
    const { port } = listener.address() as AddressInfo;
    this.#taken.set(port, listener);
    this.#listen().catch(() => undefined);
    return port;
  }

  /** From then on connections to the port are refused. */
  release(port: number): void {
    this.#taken.get(port)?.close();
    this.#taken.delete(port);
  }

  close(): void {
    this.#closed = true;
    for (const listener of [...this.#spare, ...this.#taken.values()]) listener.close();
  }

  async #listen(): Promise<void> {
    const listener = createServer((socket) => this.#server.emit("connection", socket));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    if (this.#closed) listener.close();
    else this.#spare.push(listener);
  }
}
