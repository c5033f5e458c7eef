import * as pulumi from "@pulumi/pulumi";
import type { KeyName } from "../azure/arm/batchAccounts";
import { placeholder, withProvider } from "./providerText";
import { programContext } from "./programContext";
import type {
  KeyToRotate,
  KeyVerification,
  Rotate,
  RotationReason,
  VerifyKey,
} from "../rotation/properties";
import { claimAccount, refuseDuplicateRotation } from "./duplicateRotation";
import { traceUserCode } from "./stackTraces";

/** Which account to rotate, when, and how carefully. */
export interface BatchAccountKeyRotationArgs {
  /**
   * The account's ARM id,
   * `/subscriptions/…/resourceGroups/…/providers/Microsoft.Batch/batchAccounts/…`. Give either
   * this, or `resourceGroupName` and `accountName`. Another account replaces the resource.
   */
  readonly accountId?: pulumi.Input<string>;
  /**
   * The subscription of `resourceGroupName` and `accountName`, a GUID.
   * @default the configured one: `azure-native:subscriptionId`, else `ARM_SUBSCRIPTION_ID`
   */
  readonly subscriptionId?: pulumi.Input<string>;
  /** The account's resource group, where `accountId` is not given. */
  readonly resourceGroupName?: pulumi.Input<string>;
  /** The account's name, 3 to 24 letters and digits, where `accountId` is not given. */
  readonly accountName?: pulumi.Input<string>;
  /**
   * The trigger: any change rotates once. A number that is smaller than the one in state is
   * refused, because a rotated key cannot be brought back.
   * @default 1
   */
  readonly version?: pulumi.Input<number | string>;
  /**
   * Which key a rotation regenerates. `Alternate`: the one that consumers do not hold, so that they
   * have until the next rotation to move. `Primary`, `Secondary`: always that one. `Both`: after a
   * leak, both at once; everything that holds a key stops working until it has the new one.
   * @default "Alternate"
   */
  readonly rotate?: pulumi.Input<Rotate>;
  /**
   * The key that consumers hold before the first rotation.
   * @default "Primary"
   */
  readonly liveKey?: pulumi.Input<KeyName>;
  /**
   * Whether creating this resource rotates. `false` adopts the account: its keys are read, and the
   * first rotation comes with the first change of `version`.
   * @default true
   */
  readonly rotateOnCreate?: pulumi.Input<boolean>;
  /**
   * An ISO 8601 duration such as `"P90D"`: the first `pulumi up` after this age of the last
   * rotation rotates, once, however many periods have passed. Months and years are calendar time
   * in UTC.
   * @default none: only `version` rotates
   */
  readonly rotateAfter?: pulumi.Input<string>;
  /**
   * An ISO 8601 duration for which the retired key stays valid at least: a change of `version`
   * before that is refused with the time left, a scheduled rotation waits. `rotate: "Both"` is not
   * held up.
   * @default none
   */
  readonly minimumOverlap?: pulumi.Input<string>;
  /**
   * Whether the new key is tried on the Batch data plane before anything gets it. `BestEffort`: a
   * key that the service refuses is not handed out; an endpoint that cannot be reached is no
   * obstacle. `Required`: only a key that worked is handed out. `None`: no try.
   * @default "BestEffort"
   */
  readonly verifyKey?: pulumi.Input<VerifyKey>;
  /**
   * Whether destroying this resource regenerates both keys, so that nothing handed out works any
   * more. Otherwise it changes nothing in Azure.
   * @default false
   */
  readonly revokeOnDelete?: pulumi.Input<boolean>;
  /**
   * The namespace of the stack's configuration that holds the credentials and the cloud, for a
   * second tenant. The name goes into state; the credentials never do.
   * @default "azure-native"
   */
  readonly configNamespace?: string;
}

const SECRET_OUTPUTS = ["primaryKey", "secondaryKey", "currentKey", "previousKey"] as const;

/**
 * Rotates the shared keys of an Azure Batch account: changing `version` (or the passing of
 * `rotateAfter`) regenerates a key, tries it, and hands it out as `currentKey`.
 *
 * Under the default, `rotate: "Alternate"`, the key that consumers hold is never the one that
 * changes: they may move to `currentKey` at any time before the next rotation.
 *
 * Mistakes in the arguments fail on the property they are in, before anything changes in Azure. A
 * failed call names the account, what Azure said and what to do next.
 *
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/regenerate-key
 */
export class BatchAccountKeyRotation extends pulumi.dynamic.Resource {
  /** The account's ARM id. */
  declare readonly accountId: pulumi.Output<string>;
  /** The account's subscription. */
  declare readonly subscriptionId: pulumi.Output<string>;
  /** The account's resource group. */
  declare readonly resourceGroupName: pulumi.Output<string>;
  /** The account's name. */
  declare readonly accountName: pulumi.Output<string>;
  /** The trigger that the keys are of. */
  declare readonly version: pulumi.Output<number | string>;
  /** See {@link BatchAccountKeyRotationArgs.rotate}. */
  declare readonly rotate: pulumi.Output<Rotate>;
  /** See {@link BatchAccountKeyRotationArgs.liveKey}. */
  declare readonly liveKey: pulumi.Output<KeyName>;
  /** See {@link BatchAccountKeyRotationArgs.rotateOnCreate}. */
  declare readonly rotateOnCreate: pulumi.Output<boolean>;
  /** See {@link BatchAccountKeyRotationArgs.rotateAfter}. */
  declare readonly rotateAfter: pulumi.Output<string | undefined>;
  /** See {@link BatchAccountKeyRotationArgs.minimumOverlap}. */
  declare readonly minimumOverlap: pulumi.Output<string | undefined>;
  /** See {@link BatchAccountKeyRotationArgs.verifyKey}. */
  declare readonly verifyKey: pulumi.Output<VerifyKey>;
  /** See {@link BatchAccountKeyRotationArgs.revokeOnDelete}. */
  declare readonly revokeOnDelete: pulumi.Output<boolean>;
  /** See {@link BatchAccountKeyRotationArgs.configNamespace}. */
  declare readonly configNamespace: pulumi.Output<string>;

  /** The account's Primary key: 64 bytes in base64. A secret. */
  declare readonly primaryKey: pulumi.Output<string>;
  /** The account's Secondary key. A secret. */
  declare readonly secondaryKey: pulumi.Output<string>;
  /** The key to use: the one that the last rotation made. A secret. */
  declare readonly currentKey: pulumi.Output<string>;
  /**
   * The other key. Under `Alternate` it is what consumers held before; it works until the next
   * rotation retires it. A secret.
   */
  declare readonly previousKey: pulumi.Output<string>;
  /** Which of the two keys `currentKey` is. */
  declare readonly currentKeyName: pulumi.Output<KeyName>;
  /** Host of the account's data plane, e.g. `myaccount.westeurope.batch.azure.com`. */
  declare readonly accountEndpoint: pulumi.Output<string>;

  /** Rotations done; 0 when the account was adopted. */
  declare readonly generation: pulumi.Output<number>;
  /** What the last rotation regenerated; a preview shows what the next one will. */
  declare readonly keyToRotate: pulumi.Output<KeyToRotate>;
  /** Why it did. */
  declare readonly rotationReason: pulumi.Output<RotationReason>;
  /** When it was decided; UTC, ISO 8601. `rotateAfter` and `minimumOverlap` count from here. */
  declare readonly rotationDecidedAt: pulumi.Output<string>;
  /** When Azure had regenerated the key; UTC, ISO 8601. Absent when the account was adopted. */
  declare readonly rotatedAt: pulumi.Output<string | undefined>;
  /** When the schedule rotates next; UTC, ISO 8601. Absent without `rotateAfter`. */
  declare readonly nextRotationAt: pulumi.Output<string | undefined>;
  /** First 16 hex digits of the Primary key's SHA-256; not a secret: a diff shows that it changed. */
  declare readonly primaryKeyFingerprint: pulumi.Output<string>;
  /** The same of the Secondary key. */
  declare readonly secondaryKeyFingerprint: pulumi.Output<string>;
  /**
   * What trying the new key came to. `Verified`: it works. `Unreachable`: the data plane could not
   * be asked. `Rejected`: it does not work yet. `Skipped`: it was not tried.
   */
  declare readonly keyVerification: pulumi.Output<KeyVerification>;

  /**
   * Reads an account's keys without ever rotating them. Like every `get` of Pulumi it reads in
   * previews too.
   * @param accountId the account's ARM id.
   */
  static get(
    name: string,
    accountId: pulumi.Input<string>,
    opts?: pulumi.CustomResourceOptions,
  ): BatchAccountKeyRotation {
    return new BatchAccountKeyRotation(name, { accountId }, { ...opts, id: accountId });
  }

  constructor(
    name: string,
    args: BatchAccountKeyRotationArgs,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const outputs = {
      ...Object.fromEntries(SECRET_OUTPUTS.map((output) => [output, undefined])),
      currentKeyName: undefined,
      accountEndpoint: undefined,
      generation: undefined,
      keyToRotate: undefined,
      rotationReason: undefined,
      rotationDecidedAt: undefined,
      rotatedAt: undefined,
      nextRotationAt: undefined,
      primaryKeyFingerprint: undefined,
      secondaryKeyFingerprint: undefined,
      keyVerification: undefined,
    };
    const inputs = {
      accountId: args.accountId,
      subscriptionId: args.subscriptionId,
      resourceGroupName: args.resourceGroupName,
      accountName: args.accountName,
      version: args.version,
      rotate: args.rotate,
      liveKey: args.liveKey,
      rotateOnCreate: args.rotateOnCreate,
      rotateAfter: args.rotateAfter,
      minimumOverlap: args.minimumOverlap,
      verifyKey: args.verifyKey,
      revokeOnDelete: args.revokeOnDelete,
      configNamespace: args.configNamespace,
    } satisfies Record<keyof BatchAccountKeyRotationArgs, unknown>;
    const rotation = { name };
    const properties = {
      ...outputs,
      ...(opts.id === undefined
        ? { ...refuseDuplicateRotation(rotation, inputs), ...programContext(urnOf(name, opts)) }
        : inputs),
    };
    const options = pulumi.mergeOptions(withoutForeignProvider(name, opts), {
      additionalSecretOutputs: [...SECRET_OUTPUTS],
      transformations: [
        // Resources that have this one for a parent inherit it.
        ({ resource, props, opts }) =>
          resource instanceof BatchAccountKeyRotation
            ? { props: withProvider(props), opts }
            : undefined,
      ],
    });
    const restoreTraces = traceUserCode();
    try {
      super(placeholder, name, properties, options, MODULE, NAME);
      // What check made of the arguments: it may know the subscription where the program does not.
      if (opts.id === undefined) this.accountId.apply((id) => claimAccount(rotation, id));
    } catch (error) {
      restoreTraces(error);
      throw error;
    }
    restoreTraces();
  }
}

/** A dynamic resource's type is its class's name in a module of its own. */
const MODULE = "azure-batch";
const NAME = "BatchAccountKeyRotation";

function urnOf(name: string, { parent }: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return pulumi.createUrn(name, `pulumi-nodejs:dynamic/${MODULE}:${NAME}`, parent);
}

/** The SDK would send another package's provider along, and the engine would ask that one. */
function withoutForeignProvider(
  name: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const { provider, ...others } = opts;
  if (provider === undefined) return opts;
  // Public at run time, but marked internal in the SDK's types.
  const providerPackage = (provider as unknown as { getPackage(): string }).getPackage();
  if (providerPackage === "pulumi-nodejs") return opts;
  void pulumi.log.warn(
    `BatchAccountKeyRotation "${name}" does not use the ${providerPackage} provider in its options: it reads the stack's configuration (see configNamespace)`,
  );
  return others;
}
