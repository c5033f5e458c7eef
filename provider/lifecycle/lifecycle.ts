import { AsyncResource } from "node:async_hooks";
import AsyncLock from "async-lock";
import type { Azure } from "../azure/connect";
import { Connections } from "../azure/connections";
import { AzureError } from "../azure/errors";
import { wantedAccountId } from "../rotation/arguments";
import { type BatchAccountId, parseBatchAccountId } from "../rotation/batchAccountId";
import { checkInputs, type CheckResult } from "../rotation/check";
import {
  namespaceOf,
  namesSubscription,
  subscriptionInState,
} from "../rotation/defaultSubscription";
import { diff, type DiffResult } from "../rotation/diff";
import type { EngineReference } from "../rotation/hiddenInputs";
import { inputsOf } from "../rotation/inputs";
import { composeOutputs, findingsOf } from "../rotation/outputs";
import {
  isSameSecret,
  keyStillToRevoke,
  needsAzure,
  needsFinishing,
  needsRotation,
} from "../rotation/partialUpdate";
import type { KeyVaultSecret, RotationInputs, RotationOutputs } from "../rotation/properties";
import { isGivenToGet, readInputs, readOutputs } from "../rotation/state";
import { isUnknown } from "../rotation/unknown";
import { DEFAULT_NAMESPACE, type DefaultSubscription } from "../rotation/validation";
import type { AccountCall, Dependencies } from "./dependencies";
import { PartialUpdateError } from "./partialUpdateError";
import { Predecessors } from "./predecessors";
import type * as Preflight from "./preflight";
import { type Progress, ProgressByDecision, type Rotation } from "./progress";
import type * as Read from "./read";
import type * as RotateKeys from "./rotateKeys";
import type * as WhereMoved from "./whereMoved";

/** Properties as the engine hands them over: their values, plain. */
export type Properties = Record<string, unknown>;

/**
 * The functions of pulumi.dynamic.ResourceProvider for a BatchAccountKeyRotation, on plain data and
 * without Pulumi, so that another kind of provider can host them.
 */
export interface Lifecycle {
  readonly configure: (request: {
    readonly config: { get(key: string): string | undefined };
  }) => Promise<void>;
  readonly check: (old: Properties, given: Properties) => Promise<CheckResult>;
  readonly diff: (id: string, outputs: Properties, inputs: Properties) => Promise<DiffResult>;
  readonly create: (inputs: Properties) => Promise<{ id: string; outs: object }>;
  readonly read: (
    id: string,
    properties?: Properties,
  ) => Promise<{ id: string; props: object; inputs?: object }>;
  /** Takes over an account of which nothing is known but its id: the keys are read, none changes. */
  readonly import: (id: string) => Promise<{ id: string; props: object; inputs: object }>;
  readonly update: (
    id: string,
    outputs: Properties,
    inputs: Properties,
  ) => Promise<{ outs: object }>;
  readonly delete: (id: string, outputs: Properties) => Promise<void>;
}

export function createLifecycle(
  dependencies: Dependencies,
  connections = new Connections(dependencies, dependencies.unconfigured),
): Lifecycle {
  const locks = new AsyncLock();
  const predecessors = new Predecessors(dependencies.rotationsInState);
  /** The accounts, in lower case, that the program of this update has rotations of. */
  const wantedAccounts = new Set<string>();
  const progressByDecision = new ProgressByDecision();

  /** Runs a call that talks to Azure; calls for one account never overlap. */
  async function onAccount<Result>(
    accountId: string,
    namespace: string,
    effect: (azure: Azure, id: BatchAccountId) => Promise<Result>,
  ): Promise<Result> {
    const id = parseBatchAccountId(accountId);
    if (id === undefined) {
      throw new Error(`${JSON.stringify(accountId)} is not the ARM id of a Batch account`);
    }
    // Who waits for the lock would otherwise go on in the context of who leaves it.
    const work = AsyncResource.bind(async () => effect(await connections.to(namespace), id));
    return locks.acquire(accountId.toLowerCase(), () => work());
  }

  /** @param done what is in state of the account, here or where it was before it moved. */
  function accountCall(
    azure: Azure,
    id: BatchAccountId,
    { accountId, keyVaultSecret }: RotationInputs,
    progress: Progress,
    done: RotationOutputs | undefined,
  ): AccountCall {
    const connect = ({ vaultUri, name = "" }: KeyVaultSecret) =>
      azure.keyVaultSecret(vaultUri, name);
    const former = isSameSecret(done?.keyVaultSecret, keyVaultSecret)
      ? undefined
      : done?.keyVaultSecret;
    return {
      azure,
      id,
      secret: keyVaultSecret && connect(keyVaultSecret),
      formerSecret: former && connect(former),
      accountIds: done === undefined ? [accountId] : [accountId, done.accountId],
      progress,
      dependencies,
    };
  }

  /** The subscription of arguments that name none: configured, else in state, else the CLI's. */
  async function defaultSubscription(
    old: Properties,
    given: Properties,
  ): Promise<DefaultSubscription> {
    const named = namespaceOf(given);
    const namespace = connections.namespace(named ?? DEFAULT_NAMESPACE);
    if (named === undefined || namesSubscription(given)) return { subscriptionId: "", namespace };
    const { subscriptionId } = connections.configuration(named);
    const inState = subscriptionInState(old, given);
    if (subscriptionId === "" && inState !== undefined) {
      return { subscriptionId: inState, namespace };
    }
    return connections.subscription(named);
  }

  // Loaded by the first call that talks to Azure, because previews need no HTTP stack, and kept,
  // because Node.js looks a module up anew each time.
  let effects: ReturnType<typeof loadEffects> | undefined;
  const rotating = () => (effects ??= loadEffects());

  async function check(
    old: Properties,
    { previewing, engine, ...given }: Properties,
  ): Promise<CheckResult> {
    const inState = readInputs(old);
    if (inState !== undefined && "reason" in inState) return { inputs: given, failures: [inState] };
    const subscription = await defaultSubscription(old, given);
    const asked = inState === undefined ? wantedAccountId(given, subscription) : undefined;
    const result = checkInputs(inState, given, subscription, dependencies.now(), {
      previewing: previewing === true,
      predecessors:
        asked === undefined
          ? []
          : await predecessors.of(asked, engine as EngineReference | undefined),
    });
    const isGood = result.failures.length === 0;
    const accountId = isGood ? (result.inputs["accountId"] as string) : undefined;
    if (inState !== undefined && accountId !== undefined) predecessors.checked(inState, accountId);
    // What fails here stays in state as it is.
    const kept = accountId ?? inState?.accountId ?? asked;
    if (kept !== undefined) wantedAccounts.add(kept.toLowerCase());
    return result;
  }

  async function create(inputs: RotationInputs) {
    const { accountId, accountName, configNamespace, keyToRotate, rotationReason } = inputs;
    const { preflight, requireDecidedAccount, sameDecision, rotateKeys, finishRotation } =
      rotating();
    const known = predecessors.ofAccountName(accountName);
    const progress = progressByDecision.of(accountId, inputs);
    const isRotation = keyToRotate !== "None" && rotationReason !== "Moved";
    const { findings, trouble } = await onAccount(accountId, configNamespace, async (azure, id) => {
      const account = await preflight(azure, id);
      const before = requireDecidedAccount(account, inputs, known);
      const call = accountCall(azure, id, inputs, progress, before);
      const work = isRotation ? rotateKeys : finishRotation;
      return work(call, account, inputs, undefined);
    });
    // Plainly, without an id: the next update creates again and rotates the same key, which nobody
    // holds yet. Half-created, a version change would next retire the key that consumers do hold.
    if (trouble !== undefined) throw new Error(trouble);
    progressByDecision.finish(accountId, inputs);
    // One that has moved has been rotated where it was.
    const { rotatedAt, previousKeyRevokedAt } = sameDecision(inputs, known) ?? {};
    const times = { rotatedAt: findings.rotatedAt ?? rotatedAt, previousKeyRevokedAt };
    return { id: accountId, outs: composeOutputs(inputs, { ...findings, ...times }) };
  }

  async function update(resourceId: string, done: RotationOutputs, wanted: RotationInputs) {
    if (!needsAzure(done, wanted)) return { outs: composeOutputs(wanted, findingsOf(done)) };
    const progress = progressByDecision.of(wanted.accountId, wanted);
    const { findings, regenerated, trouble } = await carryOut(done, wanted, progress);
    if (trouble === undefined) {
      progressByDecision.finish(wanted.accountId, wanted);
      return { outs: composeOutputs(wanted, findings) };
    }
    // Consumers keep the key they hold.
    const carriedOut = regenerated ? withoutUndoneRevocation(done, wanted) : inputsOf(done);
    const outputs = composeOutputs(carriedOut, findings, done.currentKeyName);
    throw new PartialUpdateError(resourceId, outputs, trouble);
  }

  /** @throws as long as no key has changed for what is wanted. */
  async function carryOut(
    done: RotationOutputs,
    wanted: RotationInputs,
    progress: Progress,
  ): Promise<Rotation> {
    const { preflight, rotateKeys, finishRotation, revokePreviousKey } = rotating();
    const { accountId, configNamespace } = wanted;
    try {
      const rotation = await onAccount(accountId, configNamespace, async (azure, id) => {
        const account = await preflight(azure, id);
        const call = accountCall(azure, id, wanted, progress, done);
        if (needsRotation(done, wanted)) {
          return rotateKeys(call, account, wanted, done);
        }
        const finished = needsFinishing(done, wanted)
          ? await finishRotation(call, account, wanted, done)
          : { findings: findingsOf(done), regenerated: true, trouble: undefined };
        const previous = keyStillToRevoke(done, wanted);
        if (previous === undefined) return finished;
        // While the current key is in doubt, the previous one may be all that works.
        if (finished.trouble !== undefined) return { ...finished, regenerated: false };
        // What they were given until now, applications still have.
        const isInPlace =
          isSameSecret(done.keyVaultSecret, wanted.keyVaultSecret) &&
          finished.findings.secretVersion === done.secretVersion;
        return isInPlace
          ? revokePreviousKey(call, account, previous, done, finished)
          : { ...finished, regenerated: true, trouble: NOT_REVOKED };
      });
      if (rotation.trouble !== undefined) progress.lastTry = rotation;
      return rotation;
    } catch (error) {
      // Whatever it was, the keys of this try, or of the one before it, must not be lost with it.
      if (progress.lastTry === undefined) throw error;
      return {
        ...progress.lastTry,
        trouble: error instanceof Error ? error.message : String(error),
      };
    }
  }

  async function read(resourceId: string, properties: Properties) {
    if (isGivenToGet(properties)) {
      const { get, inputsOfGet } = rotating();
      const inputs = inputsOfGet(resourceId, properties, dependencies.now());
      const props = await onAccount(inputs.accountId, inputs.configNamespace, (azure, id) =>
        get(azure, id, inputs),
      );
      return { id: resourceId, props };
    }
    const done = readOutputs(properties);
    const { refresh } = rotating();
    const refreshed = await onAccount(done.accountId, done.configNamespace, (azure, id) =>
      refresh(azure, id, done, dependencies),
    );
    if (refreshed !== undefined) return { id: resourceId, ...refreshed };
    predecessors.vanished(done);
    return { id: "", props: {} }; // how the engine is told that a resource is gone
  }

  async function importAccount(resourceId: string) {
    const { get, inputsOfImport } = rotating();
    const inputs = inputsOfImport(resourceId);
    const { accountId, configNamespace } = inputs;
    const props = await onAccount(accountId, configNamespace, (azure, id) =>
      get(azure, id, inputs),
    );
    return { id: accountId, props, inputs };
  }

  async function remove(outputs: RotationOutputs) {
    if (!outputs.revokeOnDelete) return;
    if (wantedAccounts.has(outputs.accountId.toLowerCase())) {
      // Renamed, or replaced: its successor has these keys now, and hands them out.
      dependencies.log(
        `warning: the keys of Batch account "${outputs.accountName}" were not revoked: another rotation of this update has the account`,
      );
      return;
    }
    const { revokeKeys, whereMoved } = rotating();
    const { accountId, configNamespace } = outputs;
    const progress = progressByDecision.of(accountId, "revoke");
    await onAccount(accountId, configNamespace, async (azure, id) => {
      try {
        await revokeKeys(accountCall(azure, id, outputs, progress, undefined));
      } catch (error) {
        if (!(error instanceof AzureError && error.isGone)) throw error;
        if (wants(outputs.accountName)) return; // it has moved, and its successor goes on with it
        const newId = await whereMoved(azure, outputs);
        if (newId === undefined) return;
        throw new Error(
          `could not revoke the keys of Batch account "${outputs.accountName}": it has moved from ${accountId} to ${newId}, and its keys still work. Next: name its new place in the program and run "pulumi up" before you destroy this rotation`,
        );
      }
    });
    progressByDecision.finish(accountId, "revoke");
  }

  /** Whether the program of this update has a rotation of an account of this name. */
  function wants(accountName: string): boolean {
    return [...wantedAccounts].some((id) => id.endsWith(`/${accountName.toLowerCase()}`));
  }

  function compare(outputs: Properties, inputs: RotationInputs): DiffResult {
    const done = readOutputs(outputs);
    predecessors.compared(done);
    // So the engine asks before it deletes a resource, and makes it anew once its account is known.
    if (isUnknown(inputs.accountId)) wantedAccounts.add(done.accountId.toLowerCase());
    return diff(done, inputs);
  }

  return {
    configure: ({ config }) => {
      connections.configure((key) => config.get(key));
      return Promise.resolve();
    },
    check: (old, given) => told(() => check(old, given)),
    diff: (_id, outputs, inputs) =>
      told(() => compare(outputs, inputs as RotationInputs & Properties)),
    create: (inputs) => told(() => create(inputs as RotationInputs & Properties)),
    read: (id, properties = {}) => told(() => read(id, properties)),
    import: (id) => told(() => importAccount(id)),
    update: (id, outputs, inputs) =>
      told(() => update(id, readOutputs(outputs), inputs as RotationInputs & Properties)),
    delete: (_id, outputs) => told(() => remove(readOutputs(outputs))),
  };
}

const NOT_REVOKED =
  'the previous key was not revoked yet: this update has only just put the current key where applications read it. Next: run "pulumi up" again once applications have the current key';

/** What of the wanted inputs an update has carried out that got as far as the revocation. */
function withoutUndoneRevocation(done: RotationOutputs, wanted: RotationInputs): RotationInputs {
  const { keyToRevoke, ...others } = wanted;
  const isUndone = keyToRevoke !== undefined && keyStillToRevoke(done, wanted) === keyToRevoke;
  return isUndone ? others : wanted;
}

/** What the lifecycle does with Azure. */
function loadEffects() {
  return {
    ...(require("./preflight") as typeof Preflight),
    ...(require("./read") as typeof Read),
    ...(require("./rotateKeys") as typeof RotateKeys),
    ...(require("./whereMoved") as typeof WhereMoved),
  };
}

/** Lets a failure out as its message alone: Pulumi prints an error's stack to its users. */
async function told<Result>(call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    error.stack = "";
    throw error;
  }
}
