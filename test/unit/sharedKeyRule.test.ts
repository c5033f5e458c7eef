import {
  sharedKeyRefusal,
  type SignInFacts,
  strictSharedKeyRefusal,
} from "../../provider/rotation/sharedKeyRule";

const NONE = "does not allow shared keys (its allowedAuthenticationModes: none)";
const AAD = "does not allow shared keys (its allowedAuthenticationModes: AAD)";
const UNTOLD =
  "does not say that it allows shared keys, and its poolAllocationMode is UserSubscription";
const POOL_ALLOCATION_MODE = "UserSubscription";

test.each<[SignInFacts, string | undefined, string | undefined]>([
  [{}, undefined, undefined],
  [{ allowedAuthenticationModes: null, poolAllocationMode: null }, undefined, undefined],
  [{ allowedAuthenticationModes: ["AAD", "SharedKey"] }, undefined, undefined],
  [
    { allowedAuthenticationModes: ["SharedKey"], poolAllocationMode: POOL_ALLOCATION_MODE },
    undefined,
    undefined,
  ],
  [{ poolAllocationMode: "BatchService" }, undefined, undefined],
  [{ poolAllocationMode: POOL_ALLOCATION_MODE }, undefined, UNTOLD],
  [
    { allowedAuthenticationModes: null, poolAllocationMode: POOL_ALLOCATION_MODE },
    undefined,
    UNTOLD,
  ],
  [{ allowedAuthenticationModes: [] }, NONE, NONE],
  [{ allowedAuthenticationModes: ["AAD"], poolAllocationMode: POOL_ALLOCATION_MODE }, AAD, AAD],
])("an account that says %j", (facts, refusal, strictRefusal) => {
  expect(sharedKeyRefusal(facts)).toBe(refusal);
  expect(strictSharedKeyRefusal(facts)).toBe(strictRefusal);
});

test("a mode in which a key was put is not repeated", () => {
  const key = `${"k".repeat(86)}==`;
  expect(sharedKeyRefusal({ allowedAuthenticationModes: [key] })).not.toContain(key);
});
