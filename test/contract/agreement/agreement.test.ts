import { Connections } from "../../../provider/azure/connections";
import { simulatedDependencies } from "../../support/simulatedWorld";
import { ACCOUNTS } from "./accounts";
import { armBatchClient, ourClient } from "./clients";
import { play } from "./scenario";

test("this package's client and @azure/arm-batch agree, call by call", async () => {
  const ours = await play(ACCOUNTS, async (simulator) => {
    const connections = new Connections(simulatedDependencies(simulator));
    return ourClient(await connections.to("azure-native"), simulator);
  });
  const theirs = await play(ACCOUNTS, armBatchClient);
  expect(ours).toHaveLength(ACCOUNTS.calls.length);
  for (const [index, step] of ours.entries()) expect(step).toEqual(theirs[index]);
});
