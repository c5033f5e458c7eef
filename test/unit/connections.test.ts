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

test("another configuration makes another connection, even while the last one is under way", async () => {
  const { connections, clients } = counted({ "azure-native:clientId": "broken" });
  const failed = connections.to("azure-native");
  connections.configure(() => "second");
  const second = connections.to("azure-native");
  await expect(failed).rejects.toThrow("no connection");
  expect(await connections.to("azure-native")).toBe(await second);
  expect(clients).toEqual(["broken", "second"]);
});

test("a connection that failed is made anew", async () => {
  const { connections, clients } = counted({ "azure-native:clientId": "broken" });
  await expect(connections.to("azure-native")).rejects.toThrow("no connection");
  await expect(connections.to("azure-native")).rejects.toThrow("no connection");
  expect(clients).toHaveLength(2);
});

test("the configured subscription serves arguments that name none", async () => {
  const { connections } = counted({ "azure-native:subscriptionId": "configured" });
  const found = await connections.subscription("azure-native");
  expect(found).toEqual({ subscriptionId: "configured", namespace: "azure-native" });
});

test("the Azure CLI is not asked for a subscription where another method signs in", async () => {
  const { connections } = counted({ "azure-native:useMsi": "true" });
  const found = await connections.subscription("azure-native");
  expect(found).toEqual({ subscriptionId: "", namespace: "azure-native" });
});
