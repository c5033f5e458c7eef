import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialUpdateError } from "../../lifecycle/partialUpdateError";
import { sent } from "./values";

/**
 * An error as the engine reads it. Of an update that failed half-way it keeps the outputs, and the
 * inputs from before: by them the next update knows the key that consumers hold.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/plugin/provider_plugin.go (parseError)
 * @param secrets the names of the outputs that are secrets beside the keys.
 */
export function asServiceError(
  error: unknown,
  secrets: ReadonlySet<string> = new Set(),
): Partial<grpc.ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof PartialUpdateError) {
    const failure = new ErrorResourceInitFailed();
    failure.setId(error.id);
    failure.setProperties(sent(error.properties, secrets));
    failure.setReasonsList(error.reasons);
    const details = new Any();
    details.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(message);
    status.addDetails(details); // it returns the details, not the status
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, message, metadata };
}
