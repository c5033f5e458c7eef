/**
 * A stand-in for Pulumi's Node.js language host, for machines where the official one cannot be
 * had: it is not a Go module, so the pinned build of the CLI comes without it. It covers what
 * up, preview, refresh, destroy, config and stack need, and plugins that are folders of sources; the
 * CLI treats the rest as unimplemented.
 *
 * The CLI starts it with its own address as the last argument, reads a port from the first line
 * of standard output, and connects. Everything printed after that goes to the stack's log.
 */
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { languageRuntime } from "./languageRuntime";
import { PluginRunner } from "./pluginRunner";
import { ProgramRunner } from "./programRunner";

const ENGINE_ADDRESS = process.argv.at(-1) ?? "";
const runner = new ProgramRunner(ENGINE_ADDRESS);
const plugins = new PluginRunner();
const server = new grpc.Server();
server.addService(LanguageRuntimeService, languageRuntime(runner, plugins));

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${String(port)}\n`);
});

// The CLI holds the other end of standard input and never writes to it: it ends with the CLI,
// however that dies, and neither this host nor the program may outlive it.
process.stdin.on("end", stop).on("error", stop).resume();
process.once("SIGINT", stop).once("SIGTERM", stop);

function stop(): void {
  plugins.stop();
  void runner.stop().finally(() => process.exit(0));
}
