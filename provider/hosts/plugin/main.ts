import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { connectWith } from "../../azure/connections";
import { NotSentError } from "../../azure/errors";
import { InFlightCalls } from "../../azure/http/inFlight";
import { currentSignal, currentUrn, outsideOfCalls, sleep } from "./callContext";
import { PACKAGE } from "./configuration";
import { EngineConnection } from "./engineConnection";
import { Provider } from "./provider";
import { readRotations } from "./readRotations";
import { providerService } from "./service";

const { version } = require("pulumi-azure-batch-key-rotation/package.json") as {
  readonly version: string;
};

/*
 * The plugin's process. Pulumi starts it, with the address of its engine as the last argument, and
 * reads from the first line of its output at which port it listens.
 */

const engine = new EngineConnection();
// Its handshake tells the address, too; older engines have none.
const addresses = process.argv.slice(2).filter((each) => /^[^:/]+:\d+$/.test(each));
for (const address of addresses) engine.connect(address);

function tell(message: string): void {
  engine.log(message, currentUrn());
}

async function beforeChange(): Promise<void> {
  await engine.require();
  const signal = currentSignal();
  if (!signal.aborted) return;
  throw new NotSentError(`no key was changed: ${String(signal.reason)}`, 'run "pulumi up" again');
}

const connect = connectWith({
  calls: new InFlightCalls({ log: tell, signal: currentSignal }),
  beforeChange,
});

const provider = new Provider(
  {
    now: () => new Date(),
    sleep,
    environment: process.env,
    log: tell,
    rotationsInState: readRotations,
    connect: (...wanted) => outsideOfCalls(() => connect(...wanted)),
  },
  version,
);

const server = new grpc.Server({
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
});
server.addService(
  ResourceProviderService,
  providerService(provider, engine, version) as grpc.UntypedServiceImplementation,
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
  if (addresses.length > 0) return;
  // Started by hand: for an engine that is told to attach, or to see what this is.
  console.error(
    `This is version ${version} of the Pulumi provider ${PACKAGE}: Pulumi starts it itself. It now waits at the port above for an engine that is started with PULUMI_DEBUG_PROVIDERS=${PACKAGE}:${String(port)}; Ctrl-C ends it.`,
  );
});

// An engine that was killed ends nothing, and nobody is left to have an answer.
setInterval(() => {
  engine.require().catch(() => process.exit(1));
}, 5_000).unref();

// How the engine, which has the answers that it wants, ends the process. What has none yet gets one.
process.once("SIGINT", () => {
  server.tryShutdown(() => process.exit(0));
});
