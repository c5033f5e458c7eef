import * as grpc from "@grpc/grpc-js";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

type Properties = Record<string, JavaScriptValue>;
type Call = (request: unknown, callback: (error: Error | null, answer?: unknown) => void) => void;

/**
 * Starts the process in which Pulumi's SDK runs dynamic providers, has it create one resource as the
 * engine would, and kills it.
 * @param folder the project's, where the process looks for packages.
 * @returns milliseconds from the start of the process to the answer.
 */
export async function timeFirstCreate(
  folder: string,
  environment: Readonly<Record<string, string>>,
  properties: Properties,
): Promise<number> {
  // A rotation asks whether the engine is still there.
  const engine = createServer().listen(0, "127.0.0.1");
  await once(engine, "listening");
  const { port: enginePort } = engine.address() as AddressInfo;
  const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");

  const startedAt = performance.now();
  const child = spawn(process.execPath, [script, `127.0.0.1:${String(enginePort)}`], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port.toString().trim()}`,
      grpc.credentials.createInsecure(),
    ) as unknown as grpc.Client & Record<string, Call>;
    const call = (method: string, request: unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        client[method]?.call(client, request, (error, answer) => {
          if (error === null) resolve(answer);
          else reject(error);
        });
      });

    const configuration = new messages.ConfigureRequest();
    configuration.setArgs(Struct.fromJavaScript({}));
    await call("configure", configuration);

    const check = new messages.CheckRequest();
    check.setOlds(Struct.fromJavaScript({}));
    check.setNews(Struct.fromJavaScript(properties));
    const checked = (await call("check", check)) as messages.CheckResponse;

    const create = new messages.CreateRequest();
    create.setProperties(checked.getInputs());
    await call("create", create);
    const milliseconds = performance.now() - startedAt;
    client.close();
    return milliseconds;
  } finally {
    child.kill("SIGKILL");
    await ended;
    engine.close();
  }
}
