import type * as grpc from "@grpc/grpc-js";
import {
  AboutResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  type InstallDependenciesRequest,
  type InstallDependenciesResponse,
  LanguageHandshakeResponse,
  type RunPluginRequest,
  RunPluginResponse,
  type RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { version } from "@pulumi/pulumi/version";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { PluginRunner } from "./pluginRunner";
import type { ProgramRunner } from "./programRunner";

/** The LanguageRuntime service; gRPC answers "unimplemented" for the calls that are left out. */
export function languageRuntime(
  runner: ProgramRunner,
  plugins: PluginRunner,
): grpc.UntypedServiceImplementation {
  return {
    handshake: answer(() => new LanguageHandshakeResponse()),
    getPluginInfo: answer(() => new PluginInfo().setVersion(version)),
    about: answer(() =>
      new AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),

    // The official host lists the provider plugins that node_modules asks for, so that they are
    // downloaded ahead. None named means that each is looked for when its first resource comes.
    getRequiredPackages: answer(() => new GetRequiredPackagesResponse()),
    getRequiredPlugins: answer(() => new GetRequiredPluginsResponse()),

    run: (
      call: grpc.ServerUnaryCall<RunRequest, RunResponse>,
      callback: grpc.sendUnaryData<RunResponse>,
    ) => {
      call.on("cancelled", () => void runner.stop());
      runner.run(call.request).then(
        (response) => {
          callback(null, response);
        },
        // Not a gRPC failure, which would read as a bug in the host: the program cannot be run.
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          callback(null, new RunResponse().setError(message));
        },
      );
    },

    runPlugin: (call: grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>) => {
      plugins
        .run(call)
        // The engine shows what a plugin has printed that did not start.
        .catch((error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          call.write(new RunPluginResponse().setStderr(Buffer.from(`${message}\n`)));
          call.write(new RunPluginResponse().setExitcode(1));
        })
        .finally(() => call.end());
    },

    // "pulumi package add" asks for a plugin's. They are there, as those of all programs here are.
    installDependencies: (
      call: grpc.ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
    ) => {
      call.end();
    },

    cancel: (_call: unknown, callback: grpc.sendUnaryData<Empty>) => {
      void runner.stop().then(() => {
        callback(null, new Empty());
      });
    },
  };
}

function answer<Response>(respond: () => Response) {
  return (_call: unknown, callback: grpc.sendUnaryData<Response>) => {
    callback(null, respond());
  };
}
