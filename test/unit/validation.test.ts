import { secretNameProblem, vaultUriProblem } from "../../provider/rotation/validation";

test.each([
  "https://my-vault.vault.azure.net/",
  "https://my-vault.vault.azure.net",
  "https://localhost:8443/",
])("%p is a key vault's URI", (uri) => {
  expect(vaultUriProblem(uri)).toBeUndefined();
});

test.each([
  [undefined, /^is missing: a key vault's URI is/],
  ["", /^is missing: /],
  [7, /^7: a key vault's URI is/],
  ["my-vault", /^"my-vault": a key vault's URI is/],
  ["http://my-vault.vault.azure.net/", /an https URL of a host and no more/],
  ["https://user:word@my-vault.vault.azure.net/", /a host and no more/],
  ["https://my-vault.vault.azure.net/secrets/key", /a host and no more/],
  ["https://my-vault.vault.azure.net/?", /a host and no more/],
  ["https://my-vault.vault.azure.net/#", /a host and no more/],
])("%p is no key vault's URI", (uri, problem) => {
  expect(vaultUriProblem(uri)).toMatch(problem);
});

test.each([undefined, "", "a_b", "a b", "a/b", "A".repeat(128), "key\n", 7])(
  "%p is no secret's name",
  (name) => {
    expect(secretNameProblem(name)).toMatch(/: a secret's name is 1 to 127 letters, digits and hy/);
  },
);

test.each(["a", "account-key", "0", "A".repeat(127)])("%p is a secret's name", (name) => {
  expect(secretNameProblem(name)).toBeUndefined();
});
