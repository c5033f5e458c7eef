/** A resource as state has it, as far as the status of a rotation depends on it. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Why the last update left it half-made. */
  readonly initErrors?: readonly string[];
  /** It was replaced, and waits for its deletion. */
  readonly delete?: boolean;
  /** It was deleted, and is to be created anew. */
  readonly pendingReplacement?: boolean;
}

/** What a stack's state holds. */
export interface StackState {
  readonly resources: readonly ExportedResource[];
  /** What the engine had begun when it wrote this state, and had not finished. */
  readonly pendingOperations: readonly PendingOperation[];
}

interface PendingOperation {
  readonly type: string;
  readonly resource: ExportedResource;
}

/**
 * The versions of the format.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/apitype/core.go (DeploymentSchemaVersionLatest)
 */
const VERSIONS: readonly unknown[] = [3, 4];

const NOT_AN_EXPORT = 'it is not what "pulumi stack export" writes';
const NEXT = 'Next: give what "pulumi stack export" has written, unchanged';

/**
 * Reads what `pulumi stack export` has written.
 * @throws Error that says what the text is not, and shows nothing of it: it may hold keys.
 */
export function parseStackExport(text: string): StackState {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`it is not JSON. ${NEXT}`);
  }
  if (!isObject(json) || !("deployment" in json)) {
    throw new Error(`${NOT_AN_EXPORT}: it has no deployment. ${NEXT}`);
  }
  const { version, deployment } = json;
  if (!VERSIONS.includes(version)) {
    const told = typeof version === "number" ? String(version) : "none";
    throw new Error(
      `the version of its format is ${told}, and ${VERSIONS.join(" and ")} can be read. Next: upgrade this package, if a newer Pulumi has written it`,
    );
  }
  // A stack that nothing was ever done to has none.
  const { resources, pending_operations } = isObject(deployment) ? deployment : {};
  return {
    resources: listOf(resources, isResource, "resources"),
    pendingOperations: listOf(pending_operations, isPendingOperation, "pending operations"),
  };
}

function listOf<Item>(value: unknown, isItem: (item: unknown) => item is Item, what: string) {
  const items: unknown = value ?? [];
  if (Array.isArray(items) && items.every(isItem)) return items;
  throw new Error(`${NOT_AN_EXPORT}: its ${what} cannot be read. ${NEXT}`);
}

function isResource(value: unknown): value is ExportedResource {
  if (!isObject(value)) return false;
  const { urn, type, inputs = {}, outputs = {}, initErrors = [] } = value;
  return (
    typeof urn === "string" &&
    typeof type === "string" &&
    isObject(inputs) &&
    isObject(outputs) &&
    Array.isArray(initErrors) &&
    initErrors.every((error) => typeof error === "string")
  );
}

function isPendingOperation(value: unknown): value is PendingOperation {
  return isObject(value) && typeof value["type"] === "string" && isResource(value["resource"]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
