import {
  namespaceOf,
  namesSubscription,
  subscriptionInState,
} from "../../provider/rotation/defaultSubscription";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { ACCOUNT_ID, rotationInputs, SUBSCRIPTION_ID } from "../support/rotationInputs";

const PARTS = { resourceGroupName: "group", accountName: "account" };

test.each([
  [PARTS, "azure-native"],
  [{ ...PARTS, configNamespace: "second-tenant" }, "second-tenant"],
  [{ ...PARTS, configNamespace: UNKNOWN }, undefined],
  [{ ...PARTS, configNamespace: 7 }, undefined],
])("%j takes its configuration from namespace %p", (given, namespace) => {
  expect(namespaceOf(given)).toBe(namespace);
});

test.each([
  [PARTS, false],
  [{ ...PARTS, subscriptionId: SUBSCRIPTION_ID }, true],
  [{ ...PARTS, subscriptionId: UNKNOWN }, true],
  [{ accountId: ACCOUNT_ID }, true],
])("%j names a subscription: %p", (given, expected) => {
  expect(namesSubscription(given)).toBe(expected);
});

test.each([
  [PARTS, SUBSCRIPTION_ID],
  [{ resourceGroupName: "GROUP", accountName: "Account" }, SUBSCRIPTION_ID],
  [{ ...PARTS, accountName: "another" }, undefined],
  [{ ...PARTS, resourceGroupName: "another" }, undefined],
  [{ ...PARTS, resourceGroupName: UNKNOWN }, undefined],
  [{ accountName: "account" }, undefined],
])("old inputs keep the subscription of %j: %p", (given, subscriptionId) => {
  expect(subscriptionInState({ ...rotationInputs() }, given)).toBe(subscriptionId);
});

test("a first rotation finds none in state", () => {
  expect(subscriptionInState({}, PARTS)).toBeUndefined();
});
