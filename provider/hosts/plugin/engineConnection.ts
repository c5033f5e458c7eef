import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { requireEngine } from "../requireEngine";

/** The engine that this process works for: known from its handshake on. */
export class EngineConnection {
  #address: string | undefined;
  #client: EngineClient | undefined;

  /** @param address host and port of its server. */
  connect(address: string): void {
    if (address === this.#address) return;
    this.#client?.close();
    this.#address = address;
    this.#client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** @throws NotSentError when it is gone. */
  require(): Promise<void> {
    return requireEngine(this.#address);
  }

  /** Tells the user something; with a URN it stands beside the resource. */
  log(message: string, urn: string): void {
    const [, warning] = /^warning: (.*)$/s.exec(message) ?? [];
    const request = new LogRequest();
    request.setSeverity(warning === undefined ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setMessage(warning ?? message);
    request.setUrn(urn);
    this.#client?.log(request, () => {
      // An engine that is gone has nobody to tell.
    });
  }
}
