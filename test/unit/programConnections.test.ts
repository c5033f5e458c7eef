import * as pulumi from "@pulumi/pulumi";
import { programConnections } from "../../provider/program/programConnections";
import { restoreProcessEnvironment, setProcessEnvironment } from "../support/processEnvironment";

afterEach(restoreProcessEnvironment);

function clientIdOf(connections: ReturnType<typeof programConnections>): string {
  return connections.configuration("azure-native").clientId;
}

test("what was configured when a listing was made holds, whatever is configured when it is gone through", () => {
  pulumi.runtime.setAllConfig({ "azure-native:clientId": "first" });
  const connections = programConnections();
  pulumi.runtime.setAllConfig({ "azure-native:clientId": "second" });
  expect(clientIdOf(connections)).toBe("first");
  expect(clientIdOf(programConnections())).toBe("second");
});

test("so does what the environment said", () => {
  pulumi.runtime.setAllConfig({});
  setProcessEnvironment({ ARM_CLIENT_ID: "first" });
  const connections = programConnections();
  setProcessEnvironment({ ARM_CLIENT_ID: "second" });
  expect(clientIdOf(connections)).toBe("first");
});
