import { requireSecretName } from "../../components/keyVaultSecretProperties";
import { validityPeriodDays } from "../../provider/rotation/secretRecord";

test.each(["a", "account-key", "0", "A".repeat(127)])("%p is a secret's name", (name) => {
  expect(requireSecretName(name)).toBe(name);
});

test.each(["", "under_score", "a.b", "a b", "a/b", "A".repeat(128), "ключ"])(
  "%p is refused as a secret's name",
  (name) => {
    expect(() => requireSecretName(name)).toThrow(/1 to 127 letters, digits and hyphens/);
  },
);

test("a credential's validity is told in whole days, if there is a schedule", () => {
  const decidedAt = "2026-01-01T00:00:00.000Z";
  expect(validityPeriodDays(decidedAt, undefined)).toEqual({});
  expect(validityPeriodDays(decidedAt, "2026-01-31T00:00:00.000Z")).toEqual({
    ValidityPeriodDays: "30",
  });
  expect(validityPeriodDays(decidedAt, "2026-01-01T01:00:00.000Z")).toEqual({
    ValidityPeriodDays: "1",
  });
});
