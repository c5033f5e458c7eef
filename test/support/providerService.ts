import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Json } from "./json";

/*
 * What stands in for the plugin of another provider: a server in the process of the test. Pulumi's engine can
 * be told to use a server that is there already in place of a plugin.
 */

/** A resource as the engine names it in a call. */
export interface ResourceName {
  readonly type: string;
  readonly name: string;
}

export interface Difference {
  readonly changed: string[];
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/** What a provider does with its resources, on plain objects. */
export interface StandInProvider {
  /** @param configuration what the stack's configuration says of the provider, by its full name. */
  configure?(configuration: ReadonlyMap<string, string>): void;
  /** The inputs, completed. */
  check(resource: ResourceName, olds: Json, news: Json): Json | Promise<Json>;
  diff(resource: ResourceName, oldInputs: Json, news: Json): Difference;
  previewCreate(resource: ResourceName, inputs: Json): Json;
  previewUpdate(resource: ResourceName, state: Json, inputs: Json): Json;
  create(resource: ResourceName, inputs: Json): Promise<{ id: string; outputs: Json }>;
  update(resource: ResourceName, id: string, inputs: Json): Promise<Json>;
  /** Undefined for what is gone. Without old inputs it is the `get` of a program. */
  read?(
    resource: ResourceName,
    id: string,
    state: { readonly inputs: Json | undefined; readonly outputs: Json },
  ): Promise<{ inputs: Json; outputs: Json } | undefined>;
  delete(resource: ResourceName, id: string): Promise<void>;
  invoke?(name: string, args: Json): Json | Promise<Json>;
}

/** A running stand-in. */
export interface StandIn {
  /** For `PULUMI_DEBUG_PROVIDERS`. */
  readonly address: string;
  /** Closes the server with its connections: a CLI that was killed leaves some open. */
  stop(): void;
}

/**
 * Serves a provider on a free port of the loopback interface.
 * @param name of its package.
 * @param version of the plugin that it stands in for.
 */
export async function serveProvider(
  name: string,
  version: string,
  provider: StandInProvider,
): Promise<StandIn> {
  const server = new grpc.Server();
  server.addService(ResourceProviderService, providerService(version, provider));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    address: `${name}:${String(port)}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

/**
 * The calls that the engine makes of a provider, translated from gRPC and back. What is left out,
 * the handshake among it, grpc-js answers as unimplemented, and the engine does without.
 */
function providerService(
  version: string,
  provider: StandInProvider,
): grpc.UntypedServiceImplementation {
  return {
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(() => {
      const answer = new PluginInfo();
      answer.setVersion(version);
      return answer;
    }),

    checkConfig: unary((request: messages.CheckRequest) => {
      const answer = new messages.CheckResponse();
      answer.setInputs(request.getNews());
      return answer;
    }),
    diffConfig: unary(() => new messages.DiffResponse()),
    configure: unary((request: messages.ConfigureRequest) => {
      provider.configure?.(new Map(request.getVariablesMap().toObject(true)));
      const answer = new messages.ConfigureResponse();
      answer.setSupportspreview(true);
      // It does not accept secrets, as azure-native does not: the engine hands out plain values and
      // marks as secret, in inputs and in outputs, what has the name of a secret input.
      answer.setAcceptsecrets(false);
      return answer;
    }),

    check: unary(async (request: messages.CheckRequest) => {
      const olds = json(request.getOlds());
      const answer = new messages.CheckResponse();
      answer.setInputs(struct(await provider.check(named(request), olds, json(request.getNews()))));
      return answer;
    }),
    diff: unary((request: messages.DiffRequest) => {
      const oldInputs = json(request.getOldInputs());
      const difference = provider.diff(named(request), oldInputs, json(request.getNews()));
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const answer = new messages.DiffResponse();
      answer.setChanges(difference.changed.length === 0 ? DIFF_NONE : DIFF_SOME);
      answer.setDiffsList(difference.changed);
      answer.setReplacesList(difference.replaces);
      answer.setDeletebeforereplace(difference.deleteBeforeReplace);
      return answer;
    }),
    create: unary(async (request: messages.CreateRequest) => {
      const inputs = json(request.getProperties());
      const answer = new messages.CreateResponse();
      if (request.getPreview()) {
        // Without an id, which is unknown then.
        answer.setProperties(struct(provider.previewCreate(named(request), inputs)));
        return answer;
      }
      const { id, outputs } = await provider.create(named(request), inputs);
      answer.setId(id);
      answer.setProperties(struct(outputs));
      return answer;
    }),
    update: unary(async (request: messages.UpdateRequest) => {
      const inputs = json(request.getNews());
      const outputs = request.getPreview()
        ? provider.previewUpdate(named(request), json(request.getOlds()), inputs)
        : await provider.update(named(request), request.getId(), inputs);
      const answer = new messages.UpdateResponse();
      answer.setProperties(struct(outputs));
      return answer;
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const inputs = json(request.getInputs());
      const found = await provider.read?.(named(request), request.getId(), {
        inputs: Object.keys(inputs).length === 0 ? undefined : inputs,
        outputs: json(request.getProperties()),
      });
      const answer = new messages.ReadResponse();
      if (found) {
        answer.setId(request.getId());
        answer.setProperties(struct(found.outputs));
        answer.setInputs(struct(found.inputs));
      }
      return answer;
    }),
    delete: unary(async (request: messages.DeleteRequest) => {
      await provider.delete(named(request), request.getId());
      return new Empty();
    }),
    invoke: unary(async (request: messages.InvokeRequest) => {
      const answer = new messages.InvokeResponse();
      const result = await provider.invoke?.(request.getTok(), json(request.getArgs()));
      answer.setReturn(struct(result ?? {}));
      return answer;
    }),
  };
}

function unary<Request, Answer>(
  handle: (request: Request) => Answer | Promise<Answer>,
): grpc.handleUnaryCall<Request, Answer> {
  return ({ request }, callback) => {
    new Promise<Answer>((resolve) => {
      resolve(handle(request));
    }).then(
      (answer) => {
        callback(null, answer);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        callback({ code: grpc.status.UNKNOWN, message });
      },
    );
  };
}

function named(request: { getType(): string; getName(): string }): ResourceName {
  return { type: request.getType(), name: request.getName() };
}

function json(given: Struct | undefined): Json {
  return given?.toJavaScript() ?? {};
}

function struct(value: Json): Struct {
  return Struct.fromJavaScript(value as never);
}
