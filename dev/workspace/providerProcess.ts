import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isSecretValue } from "../../provider/hosts/secretValues";
import { installPackage, linkInstalledPackages } from "./nodeModules";
import { PACKAGE_NAME, packPackage } from "./packedPackage";

type Json = Record<string, unknown>;
type Call = (
  request: unknown,
  callback: (error: grpc.ServiceError | null, answer?: unknown) => void,
) => void;

/**
 * A temporary folder with the packages that a provider's process finds in a project. The caller
 * removes it.
 * @param installed whether the packed package is among them.
 */
export async function prepareProviderFolder(installed = true): Promise<string> {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "provider-process-")));
  const nodeModules = path.join(folder, "node_modules");
  await linkInstalledPackages(nodeModules);
  if (installed) await installPackage(nodeModules, PACKAGE_NAME, await packPackage());
  return folder;
}

/**
 * The process in which Pulumi's SDK runs dynamic providers, without the engine: what crosses gRPC is
 * what is tested, and measured.
 */
export class ProviderProcess {
  /** Everything that the process has printed. */
  output = "";
  readonly #process: ChildProcess;
  readonly #client: grpc.Client & Record<string, Call>;
  readonly #engine: Server;

  /** @param folder the project's, where the process looks for packages. */
  static async start(environment: NodeJS.ProcessEnv, folder: string): Promise<ProviderProcess> {
    // The provider asks nothing of the engine but whether it is there.
    const engine = createServer().listen(0, "127.0.0.1");
    await once(engine, "listening");
    const { port: enginePort } = engine.address() as AddressInfo;
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const child = spawn(process.execPath, [script, `127.0.0.1:${String(enginePort)}`], {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...environment },
    });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => {
        resolve(data.toString().trim());
      });
      child.once("exit", reject);
    });
    return new ProviderProcess(child, port, engine);
  }

  private constructor(child: ChildProcess, port: string, engine: Server) {
    this.#process = child;
    this.#engine = engine;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data: Buffer) => (this.output += data.toString()));
    }
    this.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    ) as unknown as grpc.Client & Record<string, Call>;
  }

  configure(config: Record<string, string>): Promise<unknown> {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(config));
    return this.#call("configure", request);
  }

  async check(olds: Json, news: Json): Promise<{ inputs: Json; failures: Json[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = (await this.#call("check", request)) as messages.CheckResponse;
    return {
      inputs: answer.getInputs()?.toJavaScript() as Json,
      failures: answer
        .getFailuresList()
        .map((failure: messages.CheckFailure) => failure.toObject()),
    };
  }

  async diff(id: string, olds: Json, news: Json): Promise<{ changes: number; replaces: string[] }> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = (await this.#call("diff", request)) as messages.DiffResponse;
    return { changes: answer.getChanges(), replaces: answer.getReplacesList() };
  }

  async create(inputs: Json): Promise<{ id: string; outputs: Json }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(inputs));
    const answer = (await this.#call("create", request)) as messages.CreateResponse;
    return { id: answer.getId(), outputs: answer.getProperties()?.toJavaScript() as Json };
  }

  async read(id: string, properties: Json): Promise<{ id: string; outputs: Json; inputs?: Json }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(properties));
    const answer = (await this.#call("read", request)) as messages.ReadResponse;
    return {
      id: answer.getId(),
      outputs: answer.getProperties()?.toJavaScript() as Json,
      inputs: answer.getInputs()?.toJavaScript() as Json,
    };
  }

  async update(id: string, olds: Json, news: Json): Promise<Json> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = (await this.#call("update", request)) as messages.UpdateResponse;
    return answer.getProperties()?.toJavaScript() as Json;
  }

  delete(id: string, properties: Json): Promise<unknown> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(properties));
    return this.#call("delete", request);
  }

  /** From here on the engine is gone, as when it was killed. */
  async killEngine(): Promise<void> {
    if (!this.#engine.listening) return;
    const closed = once(this.#engine, "close");
    this.#engine.close();
    this.#engine.closeAllConnections();
    await closed;
  }

  async stop(): Promise<void> {
    await this.killEngine();
    this.#client.close();
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
  }

  #call(method: string, request: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#client[method]?.call(this.#client, request, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
  }
}

/** As the engine sends properties to a process that takes no secrets: their plain values. */
function struct(properties: Json): Struct {
  const plain = Object.entries(properties).map(([name, value]) => [
    name,
    isSecretValue(value) ? value.value : value,
  ]);
  return Struct.fromJavaScript(Object.fromEntries(plain) as never);
}

/** What the engine finds in the error of an update that failed after a key had changed. */
export function partialFailure(error: unknown): { id: string; outputs: Json; reasons: string[] } {
  const [details] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
  const [detail] = Status.deserializeBinary(details as Buffer).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(
    detail?.getValue_asU8() ?? new Uint8Array(),
  );
  return {
    id: failed.getId(),
    outputs: failed.getProperties()?.toJavaScript() as Json,
    reasons: failed.getReasonsList(),
  };
}
