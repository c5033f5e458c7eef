import type { Azure } from "../../provider/azure/connect";
import { Connections } from "../../provider/azure/connections";

/** Connections that tell how many were made, and with which client. */
function counted(stack: Record<string, string> = {}) {
  const clients: string[] = [];
  const connections = new Connections(
    {
      environment: { ARM_CLIENT_ID: "from the environment" },
      connect: ({ clientId }) => {
        clients.push(clientId);
        return clientId === "broken"
          ? Promise.reject(new Error("no connection"))
          : Promise.resolve({} as Azure);
      },
    },
    (key) => stack[key],
  );
  return { connections, clients };
}

test("calls of one namespace share a connection, whether they wait for it or not", async () => {
  const { connections, clients } = counted();
  const shared = await Promise.all([
    connections.to("azure-native"),
    connections.to("azure-native"),
  ]);
  expect(await connections.to("azure-native")).toBe(shared[0]);
  expect(clients).toHaveLength(1);
});

test("stacks that run in one process share a connection only if they configure the same", async () => {
  const stack: Record<string, string> = { "azure-native:clientId": "first" };
  const { connections, clients } = counted(stack);
  const first = await connections.to("azure-native");
  stack["azure-native:clientId"] = "second";
  expect(await connections.to("azure-native")).not.toBe(first);
  stack["azure-native:clientId"] = "first";
  expect(await connections.to("azure-native")).toBe(first);
  expect(clients).toEqual(["first", "second"]);
});

test("what was configured when a list was begun holds, whatever is configured by then", async () => {
  const stack: Record<string, string> = { "azure-native:clientId": "first" };
  const { connections, clients } = counted(stack);
  const configuration = connections.configuration("azure-native");
  stack["azure-native:clientId"] = "second";
  await connections.to("azure-native", configuration);
  expect(clients).toEqual(["first"]);
});

test("a connection that failed is made anew", async () => {
  const { connections, clients } = counted({ "azure-native:clientId": "broken" });
  await expect(connections.to("azure-native")).rejects.toThrow("no connection");
  await expect(connections.to("azure-native")).rejects.toThrow("no connection");
  expect(clients).toHaveLength(2);
});

test("the configured subscription is the one of what names none", async () => {
  const { connections } = counted({ "azure-native:subscriptionId": "configured" });
  const configuration = connections.configuration("azure-native");
  const found = await connections.subscription("azure-native", configuration);
  expect(found).toEqual({ subscriptionId: "configured" });
});

test("the Azure CLI is not asked for a subscription where another method signs in", async () => {
  const { connections } = counted({ "azure-native:useMsi": "true" });
  const configuration = connections.configuration("azure-native");
  const found = await connections.subscription("azure-native", configuration);
  expect(found).toEqual({ subscriptionId: "" });
});
