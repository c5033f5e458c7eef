import type { ExportedResource } from "../../cli/status/stackExport";
import { SECRET_OUTPUTS } from "../../provider/rotation/properties";
import { finishedOutputs, rotationInputs, SUBSCRIPTION_ID } from "./rotationInputs";

/* What `pulumi stack export` writes of stacks with rotations. */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const OF_SECRETS = "1b47061264138c4ac30d75fd1eb44270";

/** A secret as it stands in an export. */
export function encrypted(): object {
  return { [SIGNATURE]: OF_SECRETS, ciphertext: "djE6b25lOnR3bw==" };
}

/** A secret in an export with --show-secrets. */
export function decrypted(value: unknown): object {
  return { [SIGNATURE]: OF_SECRETS, plaintext: JSON.stringify(value) };
}

export interface RotationInExport {
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly resourceGroupName?: string;
  /** In inputs and outputs. */
  readonly settings?: Parameters<typeof rotationInputs>[0];
  /** Instead of those, or with undefined without them. */
  readonly inputs?: object;
  readonly outputs?: object;
  readonly resource?: Partial<ExportedResource>;
}

/** A rotation that has finished, but for what is given, of an account of the resource's name. */
export function exportedRotation({
  name = "account",
  type = "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation",
  stack = "dev",
  project = "fleet",
  resourceGroupName = "group",
  settings,
  inputs,
  outputs,
  resource,
}: RotationInExport = {}): ExportedResource {
  const id = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${resourceGroupName}/providers/Microsoft.Batch/batchAccounts/${name}`;
  const account = { accountId: id, accountName: name, resourceGroupName };
  const keys = Object.fromEntries(SECRET_OUTPUTS.map((key) => [key, encrypted()]));
  return {
    urn: `urn:pulumi:${stack}::${project}::${type}::${name}`,
    type,
    id,
    inputs: { ...rotationInputs({ ...account, ...settings }), ...inputs },
    outputs: { ...finishedOutputs({ ...account, ...settings }), ...keys, ...outputs },
    ...resource,
  };
}

/** The text of an export. */
export function stackExport(
  resources: readonly ExportedResource[],
  pendingOperations: readonly { type: string; resource: ExportedResource }[] = [],
): string {
  const { stack, project } = /^urn:pulumi:(?<stack>.+?)::(?<project>.+?)::/.exec(
    resources[0]?.urn ?? "urn:pulumi:dev::fleet::",
  )?.groups as { stack: string; project: string };
  const root = {
    urn: `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`,
    custom: false,
    type: "pulumi:pulumi:Stack",
  };
  return JSON.stringify({
    version: 3,
    deployment: { resources: [root, ...resources], pending_operations: pendingOperations },
  });
}
