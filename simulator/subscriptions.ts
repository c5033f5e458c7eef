import { type AccountStore, type ResourceGroup } from "./accountStore";
import { Failure } from "./failure";
import { type LongRunningOperations } from "./longRunningOperations";
import { jsonBody, parameter, requireLocation } from "./request";
import { type ResourceManagerRoute } from "./resourceManager";
import { type Reply, type RoutedRequest } from "./route";

interface SubscriptionsOptions {
  readonly tenantId: string;
  readonly store: AccountStore;
  readonly longRunningOperations: LongRunningOperations;
}

const SUBSCRIPTION = "/subscriptions/{subscriptionId}";
const RESOURCE_GROUP = `${SUBSCRIPTION}/resourceGroups/{resourceGroupName}`;

/** Tenants, subscriptions and resource groups, as far as signing in and creating accounts need. */
export function subscriptionRoutes(options: SubscriptionsOptions): ResourceManagerRoute[] {
  const { tenantId, store, longRunningOperations } = options;
  return [
    {
      operation: "listTenants",
      method: "GET",
      path: "/tenants",
      answer: () => ok({ value: [{ id: `/tenants/${tenantId}`, tenantId }] }),
    },
    {
      operation: "listSubscriptions",
      method: "GET",
      path: "/subscriptions",
      answer: () =>
        ok({ value: store.subscriptionIds.map((id) => subscriptionResource(id, tenantId)) }),
    },
    {
      operation: "getSubscription",
      method: "GET",
      path: SUBSCRIPTION,
      answer: (request) => ok(subscriptionResource(parameter(request, "subscriptionId"), tenantId)),
    },
    {
      operation: "listResourceGroups",
      method: "GET",
      path: `${SUBSCRIPTION}/resourceGroups`,
      answer: (request) => {
        const subscriptionId = parameter(request, "subscriptionId");
        const groups = store.resourceGroups(subscriptionId);
        return ok({ value: groups.map((group) => groupResource(subscriptionId, group)) });
      },
    },
    {
      operation: "getResourceGroup",
      method: "GET",
      path: RESOURCE_GROUP,
      answer: (request) =>
        ok(groupResource(parameter(request, "subscriptionId"), existingGroup(store, request))),
    },
    {
      operation: "putResourceGroup",
      method: "PUT",
      path: RESOURCE_GROUP,
      answer: (request) => putGroup(store, request),
    },
    {
      operation: "deleteResourceGroup",
      method: "DELETE",
      path: RESOURCE_GROUP,
      answer: (request) => {
        const subscriptionId = parameter(request, "subscriptionId");
        const { name } = existingGroup(store, request);
        store.deleteResourceGroup(subscriptionId, name);
        const results = `/subscriptions/${subscriptionId}/operationresults`;
        return longRunningOperations.start(results, name, request, () => ({ status: 200 }));
      },
    },
    {
      operation: "operationResult",
      method: "GET",
      path: `${SUBSCRIPTION}/operationresults/{operationId}`,
      answer: (request) => longRunningOperations.poll(request),
    },
  ];
}

/** The resource group that a request names, which must exist. */
export function existingGroup(store: AccountStore, request: RoutedRequest): ResourceGroup {
  const name = parameter(request, "resourceGroupName");
  const group = store.resourceGroup(parameter(request, "subscriptionId"), name);
  if (!group) {
    const message = `Resource group '${name}' could not be found.`;
    throw new Failure(404, "ResourceGroupNotFound", message);
  }
  return group;
}

function putGroup(store: AccountStore, request: RoutedRequest): Reply {
  const subscriptionId = parameter(request, "subscriptionId");
  const name = parameter(request, "resourceGroupName");
  const { location, tags } = jsonBody<ResourceGroup>(request);
  const existing = store.resourceGroup(subscriptionId, name);
  const group = {
    name: existing?.name ?? name,
    location: requireLocation(existing?.location ?? location),
    ...(tags && { tags }),
  };
  store.putResourceGroup(subscriptionId, group);
  return { status: existing ? 200 : 201, body: groupResource(subscriptionId, group) };
}

function subscriptionResource(subscriptionId: string, tenantId: string) {
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: "Simulator",
    state: "Enabled",
    authorizationSource: "RoleBased",
  };
}

function groupResource(subscriptionId: string, group: ResourceGroup) {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${group.name}`,
    type: "Microsoft.Resources/resourceGroups",
    ...group,
    properties: { provisioningState: "Succeeded" },
  };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}
