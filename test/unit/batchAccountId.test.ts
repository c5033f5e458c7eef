import { formatBatchAccountId, parseBatchAccountId } from "../../provider/rotation/batchAccountId";
import { ACCOUNT_ID } from "../support/rotationInputs";

test("an account's id is read whatever the letter case of its fixed parts", () => {
  const id = ACCOUNT_ID.replace("resourceGroups", "resourcegroups");
  expect(formatBatchAccountId(parseBatchAccountId(id) ?? fail())).toBe(ACCOUNT_ID);
});

function fail(): never {
  throw new Error("not an id");
}
