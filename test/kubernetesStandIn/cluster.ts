import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type Json, objectIn } from "../support/json";
import type { Difference, ResourceName, StandInProvider } from "../support/providerService";

const SECRET = "kubernetes:core/v1:Secret";

/** The annotation by which the provider knows a name that it made up. */
const AUTONAMED = "pulumi.com/autonamed";

/** The objects of a cluster in the namespace "default". */
export class Cluster implements StandInProvider {
  /** `create kubernetes:core/v1:Secret batch` and the like, in order, without previews. */
  readonly calls: string[] = [];
  readonly #byId = new Map<string, Json>();

  /** The objects of a kind, as the API server has them. */
  objects(kind: string): Json[] {
    return [...this.#byId.values()].filter((object) => object["kind"] === kind);
  }

  check({ name }: ResourceName, olds: Json, news: Json): Json {
    const metadata = objectIn(news, "metadata");
    if (metadata["name"] !== undefined) return news;
    const old = objectIn(olds, "metadata");
    const kept = isAutonamed(olds) ? old["name"] : undefined;
    const annotations = { ...objectIn(metadata, "annotations"), [AUTONAMED]: "true" };
    const made = kept ?? `${name}-${randomBytes(4).toString("hex")}`;
    return { ...news, metadata: { ...metadata, annotations, name: made } };
  }

  diff({ type }: ResourceName, oldInputs: Json, news: Json): Difference {
    const changed = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])].filter(
      (input) => !isDeepStrictEqual(oldInputs[input], news[input]),
    );
    const renamed =
      objectIn(oldInputs, "metadata")["name"] !== objectIn(news, "metadata")["name"]
        ? ["metadata"]
        : [];
    const immutable = type === SECRET ? ["data", "stringData", "type"] : [];
    return {
      changed,
      replaces: [...renamed, ...changed.filter((input) => immutable.includes(input))],
      // A name that the program chose cannot be there twice.
      deleteBeforeReplace: !isAutonamed(news),
    };
  }

  previewCreate(_: ResourceName, inputs: Json): Json {
    return inputs;
  }

  previewUpdate(_: ResourceName, __: Json, inputs: Json): Json {
    return inputs;
  }

  create(resource: ResourceName, inputs: Json): Promise<{ id: string; outputs: Json }> {
    const id = `default/${String(objectIn(inputs, "metadata")["name"])}`;
    return Promise.resolve({ id, outputs: this.#put("create", resource, id, inputs) });
  }

  update(resource: ResourceName, id: string, inputs: Json): Promise<Json> {
    return Promise.resolve(this.#put("update", resource, id, inputs));
  }

  delete({ type, name }: ResourceName, id: string): Promise<void> {
    this.calls.push(`delete ${type} ${name}`);
    this.#byId.delete(`${type} ${id}`);
    return Promise.resolve();
  }

  #put(verb: "create" | "update", { type, name }: ResourceName, id: string, inputs: Json): Json {
    this.calls.push(`${verb} ${type} ${name}`);
    this.#byId.set(`${type} ${id}`, type === SECRET ? encoded(inputs) : inputs);
    return inputs;
  }
}

/** A Secret as the API server has it: stringData is only for writing. */
function encoded({ stringData = {}, ...secret }: Json): Json {
  const data = Object.entries(stringData as Record<string, string>).map(
    ([key, value]) => [key, Buffer.from(value).toString("base64")] as const,
  );
  return { ...secret, data: { ...objectIn(secret, "data"), ...Object.fromEntries(data) } };
}

function isAutonamed(inputs: Json): boolean {
  return objectIn(objectIn(inputs, "metadata"), "annotations")[AUTONAMED] === "true";
}
