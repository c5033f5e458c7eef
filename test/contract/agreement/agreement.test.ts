import { Connections } from "../../../provider/azure/connections";
import { simulatedDependencies } from "../../support/simulatedWorld";
import { armBatchClient, ourClient } from "./clients";
import { CALLS, play } from "./scenario";

test("this package's client and @azure/arm-batch agree, call by call", async () => {
  const ours = await play(async (simulator) => {
    const connections = new Connections(simulatedDependencies(simulator));
    return ourClient(await connections.to("azure-native"), simulator);
  });
  const theirs = await play(armBatchClient);
  expect(ours).toHaveLength(CALLS.length);
  for (const [index, step] of ours.entries()) expect(step).toEqual(theirs[index]);
});
