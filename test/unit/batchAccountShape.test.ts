import { shapeBatchAccount } from "../../provider/azure/arm/batchAccountShape";
import recordings from "../fixtures/recordings.json";
import { ACCOUNT_ID } from "../support/rotationInputs";

const ENVELOPE = {
  id: ACCOUNT_ID,
  name: "account",
  type: "Microsoft.Batch/batchAccounts",
  location: "westeurope",
};

test("properties stand beside id and name, unknown ones and unknown values among them", () => {
  expect(
    shapeBatchAccount({
      ...ENVELOPE,
      kind: "of the future",
      properties: {
        poolQuota: 1,
        publicNetworkAccess: "OnTuesdays",
        encryption: { keySource: "Microsoft.Batch", quantum: { safe: true } },
        novelty: [{ a: 1 }],
      },
    }),
  ).toEqual({
    ...ENVELOPE,
    kind: "of the future",
    poolQuota: 1,
    publicNetworkAccess: "OnTuesdays",
    encryption: { keySource: "Microsoft.Batch", quantum: { safe: true } },
    novelty: [{ a: 1 }],
  });
});

test("a property never takes the place of the resource's own id, name or type", () => {
  const properties = { id: "x", name: "x", type: "x", location: "x", poolQuota: 1 };
  expect(shapeBatchAccount({ ...ENVELOPE, properties })).toEqual({ ...ENVELOPE, poolQuota: 1 });
});

test("what is null is absent, at every depth", () => {
  const properties = { keyVaultReference: null, autoStorage: { nodeIdentityReference: null } };
  expect(shapeBatchAccount({ ...ENVELOPE, identity: null, tags: null, properties })).toStrictEqual({
    ...ENVELOPE,
    autoStorage: {},
  });
});

test("an array keeps its nulls, so that what follows stays where it is", () => {
  const properties = { novelty: [null, { a: null }, [null]] };
  expect(shapeBatchAccount({ ...ENVELOPE, properties })).toStrictEqual({
    ...ENVELOPE,
    novelty: [null, {}, [null]],
  });
});

test("an account of the live service has all its values in the new places", () => {
  const [recorded] = recordings.list.body.value;
  const { properties, ...envelope } = recorded ?? fail();
  expect(shapeBatchAccount({ ...recorded })).toEqual({ ...envelope, ...properties });
});

test("private endpoint connections are flattened as well", () => {
  const privateEndpointConnections = [
    {
      id: "the connection's",
      name: "connection",
      properties: { id: "another", provisioningState: "Succeeded", groupIds: ["batchAccount"] },
    },
    "nonsense",
  ];
  expect(
    shapeBatchAccount({ ...ENVELOPE, properties: { privateEndpointConnections } }),
  ).toMatchObject({
    privateEndpointConnections: [
      {
        id: "the connection's",
        name: "connection",
        provisioningState: "Succeeded",
        groupIds: ["batchAccount"],
      },
      "nonsense",
    ],
  });
});

test("a property named __proto__ is a property like any other", () => {
  const resource = JSON.parse(
    `{"id":"x","name":"y","properties":{"__proto__":{"poolQuota":1}}}`,
  ) as Record<string, unknown>;
  const account = shapeBatchAccount(resource);
  expect(account.poolQuota).toBeUndefined();
  expect(Object.keys(account)).toContain("__proto__");
});

test("an account without properties is what it is", () => {
  expect(shapeBatchAccount(ENVELOPE)).toEqual(ENVELOPE);
  expect(shapeBatchAccount({ ...ENVELOPE, properties: "x" })).toEqual({
    ...ENVELOPE,
    properties: "x",
  });
});

function fail(): never {
  throw new Error("no recorded account");
}
