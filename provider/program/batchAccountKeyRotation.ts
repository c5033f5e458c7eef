import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  ARGUMENT_NAMES,
  type KeyName,
  type KeyToRotate,
  type KeyVaultSecret,
  type KeyVerification,
  OUTPUT_NAMES,
  type Rotate,
  type RotationReason,
  SECRET_OUTPUTS,
  type VerifyKey,
} from "../rotation/properties";
import type { BatchAccountKeyRotationArgs } from "./batchAccountKeyRotationArgs";
import { claimAccount, refuseDuplicateRotation } from "./duplicateRotation";
import { programContext } from "./programContext";
import { MODULE, NAME, NO_PROVIDER, TYPE, writeProviderText } from "./providerText";
import { traceUserCode } from "./stackTraces";

/** Where constructors of this package stand: this one, and those of the components. */
const OWN_FOLDERS = ["..", "../../components"].map((folder) => path.join(__dirname, folder));

/** The SDK makes an output of each property that it is given, undefined ones too. */
const UNKNOWN_OUTPUTS = Object.fromEntries(OUTPUT_NAMES.map((name) => [name, undefined]));

/** The rotations that were given a keyVaultSecret. */
const withKeyVaultSecret = new WeakSet<BatchAccountKeyRotation>();

/** Whether a rotation gives its key to a Key Vault secret, and to no output: known in previews too. */
export function hasKeyVaultSecret(rotation: BatchAccountKeyRotation): boolean {
  return withKeyVaultSecret.has(rotation);
}

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
  // begin: outputs, made of provider/schema.json by "npm run schema"

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
  /** See the argument `rotate`. */
  declare readonly rotate: pulumi.Output<Rotate>;
  /** See the argument `liveKey`. */
  declare readonly liveKey: pulumi.Output<KeyName>;
  /** See the argument `rotateOnCreate`. */
  declare readonly rotateOnCreate: pulumi.Output<boolean>;
  /** See the argument `rotateAfter`. */
  declare readonly rotateAfter: pulumi.Output<string | undefined>;
  /** See the argument `minimumOverlap`. */
  declare readonly minimumOverlap: pulumi.Output<string | undefined>;
  /** See the argument `revokePreviousAfter`. */
  declare readonly revokePreviousAfter: pulumi.Output<string | undefined>;
  /** See the argument `keyVaultSecret`; `name` is always there. */
  declare readonly keyVaultSecret: pulumi.Output<KeyVaultSecret | undefined>;
  /** See the argument `verifyKey`. */
  declare readonly verifyKey: pulumi.Output<VerifyKey>;
  /** See the argument `revokeOnDelete`. */
  declare readonly revokeOnDelete: pulumi.Output<boolean>;
  /** See the argument `configNamespace`. */
  declare readonly configNamespace: pulumi.Output<string>;
  /** The account's Primary key: 64 bytes in base64. A secret. Absent with `keyVaultSecret`. */
  declare readonly primaryKey: pulumi.Output<string>;
  /** The account's Secondary key. A secret. Absent with `keyVaultSecret`. */
  declare readonly secondaryKey: pulumi.Output<string>;
  /**
   * The key to use: the one that the last rotation made. A secret. Absent with `keyVaultSecret`.
   */
  declare readonly currentKey: pulumi.Output<string>;
  /**
   * The other key. Under `Alternate` it is what consumers held before; it works until the next
   * rotation retires it. A secret. Absent with `keyVaultSecret`.
   */
  declare readonly previousKey: pulumi.Output<string>;
  /** Which of the two keys `currentKey` is. */
  declare readonly currentKeyName: pulumi.Output<KeyName>;
  /** Host of the account's data plane, e.g. `myaccount.westeurope.batch.azure.com`. */
  declare readonly accountEndpoint: pulumi.Output<string>;
  /** Rotations done; 0 when the account was adopted. */
  declare readonly generation: pulumi.Output<number>;
  /**
   * What the last rotation regenerated; a preview shows what the next one will. `None` when the
   * account was adopted.
   */
  declare readonly keyToRotate: pulumi.Output<KeyToRotate>;
  /** Why the last rotation was decided. `Adopted`, `Moved` and `Imported` regenerate nothing. */
  declare readonly rotationReason: pulumi.Output<RotationReason>;
  /**
   * When the last rotation was decided; UTC, ISO 8601. `rotateAfter` and `minimumOverlap` count
   * from here.
   */
  declare readonly rotationDecidedAt: pulumi.Output<string>;
  /**
   * The previous key, once `revokePreviousAfter` has had it regenerated; a preview shows it before
   * it happens. Absent until then.
   */
  declare readonly keyToRevoke: pulumi.Output<KeyName | undefined>;
  /** When Azure had regenerated the key; UTC, ISO 8601. Absent when the account was adopted. */
  declare readonly rotatedAt: pulumi.Output<string | undefined>;
  /** When Azure had regenerated the previous key; UTC, ISO 8601. Absent until then. */
  declare readonly previousKeyRevokedAt: pulumi.Output<string | undefined>;
  /** When the schedule rotates next; UTC, ISO 8601. Absent without `rotateAfter`. */
  declare readonly nextRotationAt: pulumi.Output<string | undefined>;
  /**
   * First 16 hex digits of the Primary key's SHA-256; not a secret: a diff shows that it changed.
   */
  declare readonly primaryKeyFingerprint: pulumi.Output<string>;
  /** The same of the Secondary key's. */
  declare readonly secondaryKeyFingerprint: pulumi.Output<string>;
  /**
   * The Key Vault secret, without a version: it always leads to the current key. Absent without
   * `keyVaultSecret`.
   */
  declare readonly secretUri: pulumi.Output<string | undefined>;
  /**
   * The version of the Key Vault secret that holds the current key. Absent without
   * `keyVaultSecret`, and while it has yet to be written.
   */
  declare readonly secretVersion: pulumi.Output<string | undefined>;
  /**
   * What trying the new key came to. `Verified`: it works. `Unreachable`: the data plane could not
   * be asked. `Rejected`: it does not work yet. `Skipped`: it was not tried.
   */
  declare readonly keyVerification: pulumi.Output<KeyVerification>;

  // end: outputs

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
    // What else an args object has, in JavaScript, is no input.
    const given: BatchAccountKeyRotationArgs = Object.fromEntries(
      ARGUMENT_NAMES.map((argument) => [argument, args[argument]]),
    );
    const rotation = { name };
    const properties = {
      ...UNKNOWN_OUTPUTS,
      ...(opts.id === undefined
        ? { ...refuseDuplicateRotation(rotation, given), ...programContext(urnOf(name, opts)) }
        : given),
    };
    const options = pulumi.mergeOptions(withoutForeignProvider(name, opts), {
      // The provider marks keys itself: where there will be none, their names need not be in state.
      additionalSecretOutputs: isObject(given.keyVaultSecret) ? [] : [...SECRET_OUTPUTS],
      transformations: [writeProviderText],
    });
    const restoreTraces = traceUserCode(OWN_FOLDERS);
    try {
      super(NO_PROVIDER, name, properties, options, MODULE, NAME);
      // What check made of the arguments: it may know the subscription where the program does not.
      if (opts.id === undefined) this.accountId.apply((id) => claimAccount(rotation, id));
    } catch (error) {
      restoreTraces(error);
      throw error;
    }
    restoreTraces();
    if (given.keyVaultSecret !== undefined) withKeyVaultSecret.add(this);
  }
}

/** Whether an argument is there for sure: an output, or a promise, may turn out to be undefined. */
function isObject(given: BatchAccountKeyRotationArgs["keyVaultSecret"]): boolean {
  return given !== undefined && !pulumi.Output.isInstance(given) && !(given instanceof Promise);
}

function urnOf(name: string, { parent }: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return pulumi.createUrn(name, TYPE, parent);
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
