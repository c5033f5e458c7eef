import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/azure-native/package.json";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Json } from "./json";
import type { Provider, ResourceName } from "./provider";

/**
 * The calls that the engine makes of a provider, translated from gRPC and back. What is left out,
 * the handshake among it, grpc-js answers as unimplemented, and the engine does without.
 */
export function providerService(provider: Provider): grpc.UntypedServiceImplementation {
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
      provider.configure(request.getVariablesMap().get("azure-native:config:location"));
      const answer = new messages.ConfigureResponse();
      answer.setSupportspreview(true);
      // Like azure-native it does not accept secrets: the engine hands out plain values and marks
      // as secret, in inputs and in outputs, what has the name of a secret input.
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
      const found = await provider.read(named(request), request.getId(), {
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
    invoke: unary((request: messages.InvokeRequest) => {
      if (request.getTok() !== "azure-native:authorization:getClientConfig") {
        throw new Error(`azure-native's stand-in has no function ${request.getTok()}.`);
      }
      const answer = new messages.InvokeResponse();
      answer.setReturn(struct(provider.clientConfig()));
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
