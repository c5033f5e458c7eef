import type * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { CheckFailure } from "../../rotation/decision";
import { cancelAll } from "./callContext";
import { configurationFailures } from "./configuration";
import type { EngineConnection } from "./engineConnection";
import { asServiceError } from "./errors";
import type { Provider } from "./provider";
import { pluginSchema } from "./schema";
import { received, sent } from "./values";

/**
 * The calls that Pulumi's engine makes of a plugin, from gRPC and back. What this leaves out, grpc-js
 * answers as unimplemented, and the engine does without.
 * https://www.pulumi.com/docs/iac/extending-pulumi/provider-implementers/
 */
export function providerService(
  provider: Provider,
  engine: EngineConnection,
  version: string,
): Partial<IResourceProviderServer> {
  return {
    handshake: unary((request: messages.ProviderHandshakeRequest) => {
      engine.connect(request.getEngineAddress());
      const answer = new messages.ProviderHandshakeResponse();
      answer.setAcceptSecrets(true);
      return answer;
    }),
    attach: unary((request: { getAddress(): string }) => {
      engine.connect(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => {
      const answer = new PluginInfo();
      answer.setVersion(version);
      return answer;
    }),
    getSchema: unary((request: messages.GetSchemaRequest) => {
      if (request.getVersion() !== 0) {
        throw new Error(
          `no schema of format ${String(request.getVersion())}: this plugin has format 0`,
        );
      }
      const answer = new messages.GetSchemaResponse();
      answer.setSchema(JSON.stringify(pluginSchema(version)));
      return answer;
    }),
    cancel: unary(() => {
      cancelAll("it was interrupted");
      return new Empty();
    }),

    checkConfig: unary((request: messages.CheckRequest) => {
      const { values } = received(request.getNews());
      return checked(request.getNews(), configurationFailures(values));
    }),
    // Other credentials replace nothing.
    diffConfig: unary(() => new messages.DiffResponse()),
    configure: unary((request: messages.ConfigureRequest) => {
      provider.configure(received(request.getArgs()).values);
      const answer = new messages.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setSupportspreview(true);
      return answer;
    }),

    check: unary(async (request: messages.CheckRequest) => {
      const given = received(request.getNews());
      const { inputs, failures } = await provider.check(
        request.getUrn(),
        received(request.getOlds()).values,
        given.values,
      );
      return checked(sent(inputs, given.secrets), failures);
    }),
    diff: unary(async (request: messages.DiffRequest) => {
      const done = received(request.getOlds()).values;
      const wanted = received(request.getNews()).values;
      const { changes, replaces, changed } = await provider.diff(request.getId(), done, wanted);
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const answer = new messages.DiffResponse();
      answer.setChanges(changes ? DIFF_SOME : DIFF_NONE);
      answer.setReplacesList(replaces);
      answer.setDiffsList(changed);
      answer.setHasdetaileddiff(changed.length > 0);
      for (const name of changed) {
        const change = kindOfChange(done[name], wanted[name], replaces.includes(name));
        answer.getDetaileddiffMap().set(name, change);
      }
      return answer;
    }),
    create: unary(async (request: messages.CreateRequest) => {
      const { values, secrets } = received(request.getProperties());
      const answer = new messages.CreateResponse();
      if (request.getPreview()) {
        answer.setProperties(sent(provider.previewCreate(values), secrets));
        return answer;
      }
      const { id, outs } = await provider.create(request.getUrn(), values, request.getTimeout());
      answer.setId(id);
      answer.setProperties(sent(outs, secrets));
      return answer;
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const { values, secrets } = received(request.getProperties());
      const { id, props, inputs } = await provider.read(
        request.getUrn(),
        request.getId(),
        values,
        request.getTimeout(),
      );
      const answer = new messages.ReadResponse();
      answer.setId(id);
      answer.setProperties(sent(props, secrets));
      answer.setInputs(inputs === undefined ? request.getInputs() : sent(inputs, secrets));
      return answer;
    }),
    update: unary(
      async (request: messages.UpdateRequest) => {
        const done = received(request.getOlds()).values;
        const { values: wanted, secrets } = received(request.getNews());
        const answer = new messages.UpdateResponse();
        const outputs = request.getPreview()
          ? provider.previewUpdate(done, wanted)
          : await provider.update(
              request.getUrn(),
              request.getId(),
              { done, wanted },
              request.getTimeout(),
            );
        answer.setProperties(sent(outputs, secrets));
        return answer;
      },
      (request) =>
        new Set([...received(request.getOlds()).secrets, ...received(request.getNews()).secrets]),
    ),
    delete: unary(async (request: messages.DeleteRequest) => {
      const { values } = received(request.getProperties());
      await provider.delete(request.getUrn(), request.getId(), values, request.getTimeout());
      return new Empty();
    }),
    invoke: unary(async (request: messages.InvokeRequest) => {
      const { values, secrets } = received(request.getArgs());
      const answer = new messages.InvokeResponse();
      const result = await provider.invoke(request.getTok(), values);
      answer.setReturn(sent(result, secrets.size === 0 ? secrets : new Set(Object.keys(result))));
      return answer;
    }),
  };
}

function checked(
  inputs: Struct | undefined,
  failures: readonly CheckFailure[],
): messages.CheckResponse {
  const answer = new messages.CheckResponse();
  answer.setInputs(inputs);
  answer.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new messages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return answer;
}

/** How the CLI draws the change of an input. */
function kindOfChange(before: unknown, after: unknown, replaces: boolean): messages.PropertyDiff {
  const { Kind } = messages.PropertyDiff;
  const [added, deleted, updated] = replaces
    ? [Kind.ADD_REPLACE, Kind.DELETE_REPLACE, Kind.UPDATE_REPLACE]
    : [Kind.ADD, Kind.DELETE, Kind.UPDATE];
  const change = new messages.PropertyDiff();
  change.setKind(before === undefined ? added : after === undefined ? deleted : updated);
  change.setInputdiff(true);
  return change;
}

/** @param secretsOf the names of the properties that are secrets in what a failure leaves behind. */
function unary<Request, Answer>(
  handle: (request: Request) => Answer | Promise<Answer>,
  secretsOf?: (request: Request) => ReadonlySet<string>,
): grpc.handleUnaryCall<Request, Answer> {
  return ({ request }, callback) => {
    new Promise<Answer>((resolve) => {
      resolve(handle(request));
    }).then(
      (answer) => {
        callback(null, answer);
      },
      (error: unknown) => {
        callback(asServiceError(error, secretsOf?.(request)));
      },
    );
  };
}
