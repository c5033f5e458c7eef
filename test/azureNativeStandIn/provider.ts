import { randomBytes, randomUUID } from "node:crypto";
import { UNKNOWN } from "../../provider/rotation/unknown";
import type { Simulator } from "../../simulator/index";
import { defined, type Json, objectIn } from "../support/json";
import type { Difference, ResourceName, StandInProvider } from "../support/providerService";
import { AppSettings } from "./appSettings";
import { ArmClient } from "./armClient";
import { changedInputs, followDrift, previewOutputs } from "./properties";
import { fillIn, parseId, pathInputs } from "./resourceId";
import { type ResourceType, resourceTypes } from "./resourceTypes";
import { RoleAssignments } from "./roleAssignments";

/** The input in which azure-native remembers that it made up the name. */
const CREATE_BEFORE_DELETE = "__createBeforeDelete";

/** What azure-native does with its resources, on plain objects. */
export class Provider implements StandInProvider {
  /** `create azure-native:batch:BatchAccount account` and the like, in order, without previews. */
  readonly calls: string[] = [];
  readonly appSettings = new AppSettings();
  readonly #simulator: Simulator;
  readonly #arm: ArmClient;
  readonly #roleAssignments: RoleAssignments;
  #defaultLocation: string | undefined;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
    this.#arm = new ArmClient(simulator);
    this.#roleAssignments = new RoleAssignments(simulator);
  }

  configure(configuration: ReadonlyMap<string, string>): void {
    this.#defaultLocation = configuration.get("azure-native:config:location");
  }

  async invoke(name: string, args: Json): Promise<Json> {
    switch (name) {
      case "azure-native:authorization:getClientConfig":
        return this.#clientConfig();
      case "azure-native:batch:listBatchAccountKeys": {
        const { path, apiVersion } = lookUp("azure-native:batch:BatchAccount");
        return this.#arm.post(`${this.#id(path, args)}/listKeys`, apiVersion);
      }
      default:
        throw new Error(`azure-native's stand-in has no function ${name}.`);
    }
  }

  /** Who is signed in. */
  #clientConfig(): Json {
    const variables = this.#simulator.environment();
    return {
      clientId: variables["ARM_CLIENT_ID"],
      objectId: "00000000-0000-0000-0000-00000000000b",
      subscriptionId: this.#arm.subscriptionId,
      tenantId: variables["ARM_TENANT_ID"],
    };
  }

  /** The inputs, completed with a name, a location and the API version. */
  async check({ type, name }: ResourceName, olds: Json, news: Json): Promise<Json> {
    const { path, apiVersion, hasDefaultLocation, isNamedByGuid } = lookUp(type);
    const inputs = { ...news };
    const nameInput = pathInputs(path).at(-1) ?? "";
    if (inputs[nameInput] === undefined) {
      const madeUp = olds[nameInput] === undefined || olds[CREATE_BEFORE_DELETE] === true;
      const made = isNamedByGuid === true ? randomUUID() : name + randomBytes(4).toString("hex");
      inputs[nameInput] = olds[nameInput] ?? made;
      if (madeUp) inputs[CREATE_BEFORE_DELETE] = true;
    }
    if (hasDefaultLocation) {
      inputs["location"] ??= olds["location"] ?? this.#defaultLocation;
      inputs["location"] ??= await this.#locationOfGroup(inputs["resourceGroupName"]);
    }
    return defined({ azureApiVersion: apiVersion, ...inputs });
  }

  diff({ type }: ResourceName, oldInputs: Json, news: Json): Difference {
    const changed = changedInputs(oldInputs, news);
    const identity = new Set([...pathInputs(lookUp(type).path), "location"]);
    return {
      changed,
      replaces: changed.filter((input) => identity.has(input)),
      // A name that the program chose cannot be there twice.
      deleteBeforeReplace: oldInputs[CREATE_BEFORE_DELETE] !== true,
    };
  }

  previewCreate({ type }: ResourceName, inputs: Json): Json {
    return previewOutputs(lookUp(type).outputs, inputs);
  }

  /** An update never changes the name and the location, so dependents may know them. */
  previewUpdate(resource: ResourceName, state: Json, inputs: Json): Json {
    const { name, location } = state;
    return { ...this.previewCreate(resource, inputs), ...defined({ name, location }) };
  }

  async create(resource: ResourceName, inputs: Json): Promise<{ id: string; outputs: Json }> {
    const { path, apiVersion, comesWithParent } = lookUp(resource.type);
    const id = this.#id(path, inputs);
    // Resource Manager would take the PUT for an update of somebody else's resource.
    if (comesWithParent !== true && (await this.#serviceOf(id).get(id, apiVersion))) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
    const outputs = await this.#put("create", resource, id, inputs);
    if (objectIn(inputs, "properties")["enableRbacAuthorization"] === true) {
      this.#roleAssignments.vaultMade(String(outputs["name"]));
    }
    return { id, outputs };
  }

  update(resource: ResourceName, id: string, inputs: Json): Promise<Json> {
    return this.#put("update", resource, id, inputs);
  }

  /** Undefined for what is gone. Without old inputs it is the `get` of a program. */
  async read(
    { type }: ResourceName,
    id: string,
    state: { readonly inputs: Json | undefined; readonly outputs: Json },
  ): Promise<{ inputs: Json; outputs: Json } | undefined> {
    const resourceType = lookUp(type);
    const outputs = await this.#get(resourceType, id);
    if (!outputs) return undefined;
    const inputs = state.inputs
      ? followDrift(state.inputs, state.outputs, outputs)
      : parseId(resourceType.path, id);
    return { inputs, outputs };
  }

  async delete(resource: ResourceName, id: string): Promise<void> {
    this.calls.push(`delete ${resource.type} ${resource.name}`);
    const { path, apiVersion } = lookUp(resource.type);
    const { vaultName = "", secretName } = parseId(path, id);
    if (secretName === undefined) {
      await this.#serviceOf(id).delete(id, apiVersion);
    } else {
      // Resource Manager refuses to delete secrets, so azure-native calls the vault's own service.
      // The handle stands for the call. It purges: what Azure does to the PUT that replaces a secret
      // which is deleted only softly is not what these tests are about.
      const vault = this.#simulator.vault(vaultName);
      vault.deleteSecret(secretName);
      vault.purgeSecret(secretName);
    }
  }

  async #put(
    method: "create" | "update",
    { type, name }: ResourceName,
    id: string,
    inputs: Json,
  ): Promise<Json> {
    this.calls.push(`${method} ${type} ${name}`);
    const resourceType = lookUp(type);
    await this.#serviceOf(id).put(id, resourceType.body(inputs), resourceType.apiVersion);
    const outputs = await this.#get(resourceType, id);
    if (!outputs) throw new Error(`'${id}' is gone right after it was written`);
    return outputs;
  }

  async #get({ apiVersion, read }: ResourceType, id: string): Promise<Json | undefined> {
    const resource = await this.#serviceOf(id).get(id, apiVersion);
    return resource && { ...read(resource), azureApiVersion: apiVersion };
  }

  #serviceOf(id: string): ArmClient | RoleAssignments | AppSettings {
    if (AppSettings.has(id)) return this.appSettings;
    return RoleAssignments.has(id) ? this.#roleAssignments : this.#arm;
  }

  async #locationOfGroup(resourceGroupName: unknown): Promise<unknown> {
    if (resourceGroupName === UNKNOWN) return UNKNOWN;
    const { path, apiVersion } = lookUp("azure-native:resources:ResourceGroup");
    const group = await this.#arm.get(this.#id(path, { resourceGroupName }), apiVersion);
    return group?.["location"];
  }

  #id(path: string, inputs: Json): string {
    return fillIn(path, { subscriptionId: this.#arm.subscriptionId, ...inputs });
  }
}

function lookUp(type: string): ResourceType {
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`azure-native's stand-in has no resource type ${type}.`);
  return resourceType;
}
