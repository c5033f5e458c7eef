import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type * as MonitorGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import type * as Monitor from "@pulumi/pulumi/proto/resource_pb";
import type * as Structs from "google-protobuf/google/protobuf/struct_pb";
import type { RotationInState } from "../../lifecycle/predecessors";
import type { EngineReference } from "../../rotation/hiddenInputs";
import { ROTATION_TYPES } from "../../rotation/resourceTypes";
import { isSecretValue } from "../secretValues";

/** How the engine says that it can tell no state: then there is none to go on from. */
const CANNOT_TELL = /unrecognized function name|no backend client|UNIMPLEMENTED/;

/** Milliseconds after which the engine is asked no longer. */
const DEADLINE = 60_000;

/**
 * Reads the rotations of a stack as its state has them, from the engine that runs the update: by the
 * function that Pulumi's own StackReference was made of. The answer has the whole stack; nothing but
 * the rotations is kept.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/builtins.go (readStackResourceOutputs)
 * @throws Error that says why the state could not be read, and what to do.
 */
export async function readRotations({
  monitor,
  stack,
}: EngineReference): Promise<RotationInState[]> {
  let answer: unknown;
  try {
    answer = await invoke(monitor, "pulumi:pulumi:readStackResourceOutputs", { stackName: stack });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (CANNOT_TELL.test(message)) return [];
    throw new Error(
      `could not read the state of stack ${stack}, which may have an earlier rotation of this account: ${message}. Nothing was changed. Next: run the command again`,
      { cause: error },
    );
  }
  const { outputs: resources = {} } = answer as { outputs?: Record<string, Resource> };
  return Object.entries(resources)
    .filter(([, { type }]) => ROTATION_TYPES.includes(type))
    .map(([urn, { outputs }]) => ({ urn, outputs: withoutKeys(outputs) }));
}

/** A program may have made a secret of anything; the keys themselves are nobody's business here. */
function withoutKeys(outputs: Resource["outputs"]): Resource["outputs"] {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([name]) => !/^(primary|secondary|current|previous)Key$/.test(name))
      .map(([name, value]) => [name, isSecretValue(value) ? value.value : value]),
  );
}

interface Resource {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

function invoke(monitor: string, token: string, args: Record<string, string>): Promise<unknown> {
  // Pulumi's own copies: a package manager need not show this package what its peer depends on.
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = load("@grpc/grpc-js") as typeof Grpc;
  const { Struct } = load("google-protobuf/google/protobuf/struct_pb.js") as typeof Structs;
  const { ResourceMonitorClient } = load("./proto/resource_grpc_pb.js") as typeof MonitorGrpc;
  const { ResourceInvokeRequest } = load("./proto/resource_pb.js") as typeof Monitor;
  const client = new ResourceMonitorClient(monitor, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
  const request = new ResourceInvokeRequest();
  request.setTok(token);
  request.setArgs(Struct.fromJavaScript(args));
  return new Promise<unknown>((resolve, reject) => {
    const deadline = Date.now() + DEADLINE;
    client.invoke(request, new grpc.Metadata(), { deadline }, (error, response) => {
      if (error === null) resolve(response.getReturn()?.toJavaScript());
      else reject(error);
    });
  }).finally(() => {
    client.close();
  });
}
