import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type * as grpc from "@grpc/grpc-js";
import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { pluginArguments, pluginEnvironment, readOptions } from "./programCommand";

type RunPluginCall = grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** Runs plugins that are folders of sources, each as a Node.js process of its own. */
export class PluginRunner {
  readonly #plugins = new Set<ChildProcess>();

  /** Runs one plugin to its end. The engine reads the plugin's port from what it prints. */
  async run(call: RunPluginCall): Promise<void> {
    const { request } = call;
    const options = readOptions(request);
    const plugin = spawn(process.execPath, pluginArguments(request, options), {
      cwd: request.getPwd(),
      env: pluginEnvironment(request, options),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#plugins.add(plugin);
    plugin.stdout.on("data", (text: Buffer) => {
      call.write(new RunPluginResponse().setStdout(text));
    });
    plugin.stderr.on("data", (text: Buffer) => {
      call.write(new RunPluginResponse().setStderr(text));
    });
    // So the engine ends a plugin, after it has asked it to cancel; the official host kills it, too.
    call.on("cancelled", () => plugin.kill("SIGKILL"));
    try {
      // When all has been read that it printed.
      const [code] = (await once(plugin, "close")) as [number | null];
      call.write(new RunPluginResponse().setExitcode(code ?? -1));
    } finally {
      this.#plugins.delete(plugin);
    }
  }

  /** Kills every plugin: only at the end of this host, for it is the engine that ends plugins. */
  stop(): void {
    for (const plugin of this.#plugins) plugin.kill("SIGKILL");
  }
}
