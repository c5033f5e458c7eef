import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { builtPlugin } from "../../dev/workspace/plugin";

type Json = Record<string, unknown>;
type Call = (
  request: unknown,
  callback: (error: grpc.ServiceError | null, answer?: unknown) => void,
) => void;

const TYPE = "azure-batch-key-rotation:index:BatchAccountKeyRotation";

export function urnOf(name: string): string {
  return `urn:pulumi:dev::test::${TYPE}::${name}`;
}

/** What a failed update has left: the details of its error, as the engine reads them. */
export interface PartialFailure {
  readonly message: string;
  readonly id: string;
  readonly reasons: string[];
  readonly outputs: Json;
}

/** The built plugin in its process, driven as the engine drives it, with a stand-in for the engine. */
export class PluginProcess {
  /** What it told the user. */
  readonly logs: LogRequest.AsObject[];
  /** What it printed as an error. */
  printed = "";
  readonly #process: ChildProcess;
  readonly #client: ResourceProviderClient & Record<string, Call>;
  readonly #engine: grpc.Server;
  readonly #cli: string;

  /**
   * @param resources the stack's state, as a stand-in for the CLI on the process's PATH exports it;
   *   "NoCli" for a machine without the CLI.
   */
  static async start(
    environment: NodeJS.ProcessEnv,
    resources: readonly object[] | "NoCli" = [],
  ): Promise<PluginProcess> {
    const logs: LogRequest.AsObject[] = [];
    const engine = new grpc.Server();
    engine.addService(EngineService, {
      log: (
        { request }: grpc.ServerUnaryCall<LogRequest, Empty>,
        callback: grpc.sendUnaryData<Empty>,
      ) => {
        logs.push(request.toObject());
        callback(null, new Empty());
      },
    });
    const enginePort = await listen(engine);
    const cli = await standInCli(resources);
    const child = spawn(
      process.execPath,
      [builtPlugin().folder, `127.0.0.1:${String(enginePort)}`],
      {
        env: { PATH: cli, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const client = new ResourceProviderClient(
      `127.0.0.1:${port.toString().trim()}`,
      grpc.credentials.createInsecure(),
    );
    return new PluginProcess(child, client, engine, cli, logs);
  }

  private constructor(
    child: ChildProcess,
    client: ResourceProviderClient,
    engine: grpc.Server,
    cli: string,
    logs: LogRequest.AsObject[],
  ) {
    this.#process = child;
    child.stderr?.on("data", (data: Buffer) => (this.printed += data.toString()));
    this.#client = client as ResourceProviderClient & Record<string, Call>;
    this.#engine = engine;
    this.#cli = cli;
    this.logs = logs;
  }

  async configure(configuration: Json = {}): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(configuration));
    await this.call("configure", request);
  }

  async checkConfig(news: Json): Promise<messages.CheckFailure.AsObject[]> {
    const request = new messages.CheckRequest();
    request.setNews(struct(news));
    const answer = await this.call<messages.CheckResponse>("checkConfig", request);
    return answer.toObject().failuresList;
  }

  async check(
    name: string,
    olds: Json,
    news: Json,
  ): Promise<{ inputs: Json; failures: messages.CheckFailure.AsObject[] }> {
    const request = new messages.CheckRequest();
    request.setUrn(urnOf(name));
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = await this.call<messages.CheckResponse>("check", request);
    return { inputs: json(answer.getInputs()), failures: answer.toObject().failuresList };
  }

  async diff(id: string, outputs: Json, inputs: Json): Promise<messages.DiffResponse.AsObject> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(outputs));
    request.setNews(struct(inputs));
    return (await this.call<messages.DiffResponse>("diff", request)).toObject();
  }

  async create(
    name: string,
    inputs: Json,
    { preview = false, timeout = 0 } = {},
  ): Promise<{ id: string; outputs: Json }> {
    const request = new messages.CreateRequest();
    request.setUrn(urnOf(name));
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    request.setTimeout(timeout);
    const answer = await this.call<messages.CreateResponse>("create", request);
    return { id: answer.getId(), outputs: json(answer.getProperties()) };
  }

  async update(
    name: string,
    { id, outputs }: { readonly id: string; readonly outputs: Json },
    inputs: Json,
    { preview = false, timeout = 0 } = {},
  ): Promise<Json> {
    const request = new messages.UpdateRequest();
    request.setUrn(urnOf(name));
    request.setId(id);
    request.setOlds(struct(outputs));
    request.setNews(struct(inputs));
    request.setPreview(preview);
    request.setTimeout(timeout);
    return json((await this.call<messages.UpdateResponse>("update", request)).getProperties());
  }

  async read(
    name: string,
    id: string,
    outputs: Json = {},
    inputs: Json = {},
  ): Promise<{ id: string; outputs: Json; inputs: Json }> {
    const request = new messages.ReadRequest();
    request.setUrn(urnOf(name));
    request.setId(id);
    request.setProperties(struct(outputs));
    request.setInputs(struct(inputs));
    const answer = await this.call<messages.ReadResponse>("read", request);
    return {
      id: answer.getId(),
      outputs: json(answer.getProperties()),
      inputs: json(answer.getInputs()),
    };
  }

  async invoke(token: string, args: Json): Promise<Json> {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    return json((await this.call<messages.InvokeResponse>("invoke", request)).getReturn());
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new Empty());
  }

  call<Answer>(method: string, request: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#client[method]?.(request, (error, answer) => {
        if (error === null) resolve(answer as Answer);
        else reject(error);
      });
    });
  }

  /** Ends the stand-in of the engine, as if it had been killed. */
  killEngine(): void {
    this.#engine.forceShutdown();
  }

  /** @returns the process's exit code. */
  async interrupt(): Promise<number | null> {
    const exit = this.exit();
    this.#process.kill("SIGINT");
    return exit;
  }

  /** @returns the exit code of the process, when it ends. */
  async exit(): Promise<number | null> {
    const [code] = (await once(this.#process, "exit")) as [number | null];
    return code;
  }

  stop(): void {
    rmSync(this.#cli, { recursive: true, force: true });
    this.#client.close();
    this.#engine.forceShutdown();
    this.#process.kill("SIGKILL");
  }
}

/** What an error says to the engine of an update that failed half-way; undefined if it failed whole. */
export function partialFailure(error: unknown): PartialFailure | undefined {
  const { message, metadata } = error as grpc.ServiceError;
  const [status] = metadata.get("grpc-status-details-bin");
  if (status === undefined) return undefined;
  const [details] = Status.deserializeBinary(status as Buffer).getDetailsList();
  const failure = details?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  return {
    message,
    id: failure?.getId() ?? "",
    reasons: failure?.getReasonsList() ?? [],
    outputs: json(failure?.getProperties()),
  };
}

/** @returns a folder with the stand-in for the CLI, and nothing else. */
async function standInCli(resources: readonly object[] | "NoCli"): Promise<string> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "stand-in-cli-"));
  if (resources === "NoCli") return folder;
  const state = path.join(folder, "state.json");
  await fs.writeFile(state, JSON.stringify({ deployment: { resources } }));
  await fs.writeFile(path.join(folder, "pulumi"), `#!/bin/sh\nexec /bin/cat "${state}"\n`, {
    mode: 0o755,
  });
  return folder;
}

function struct(value: Json): Struct {
  return Struct.fromJavaScript(value as never);
}

function json(value: Struct | undefined): Json {
  return value?.toJavaScript() ?? {};
}

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
