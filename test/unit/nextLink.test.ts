import { followable } from "../../provider/azure/http/followable";

const ENDPOINT = "https://management.azure.com";

test.each([undefined, null, ""])("%p ends a list", (nextLink) => {
  expect(followable(nextLink, ENDPOINT)).toBeUndefined();
});

test.each([
  `${ENDPOINT}/subscriptions/s/providers/x?api-version=1&$skiptoken=a%2Fb+c`,
  "https://MANAGEMENT.azure.com:443/subscriptions",
])("%s is followed", (nextLink) => {
  expect(followable(nextLink, ENDPOINT)?.origin).toBe(ENDPOINT);
});

test("a link is followed as it is, to the letter", () => {
  const nextLink = `${ENDPOINT}/subscriptions/s?$skiptoken=a%2Fb+c%20d==&z=1&a=2`;
  expect(followable(nextLink, ENDPOINT)?.href).toBe(nextLink);
});

test.each([
  ["another host", "https://evil.example/x", "https://evil.example"],
  ["a subdomain", `${ENDPOINT}.evil.example/x`, `${ENDPOINT}.evil.example`],
  ["another port", `${ENDPOINT}:8443/x`, `${ENDPOINT}:8443`],
  ["plain http", "http://management.azure.com/x", "http://management.azure.com"],
  ["a host behind a user name", `${ENDPOINT}@evil.example/x`, "https://evil.example"],
  ["a file", "file:///etc/passwd", "file://"],
  ["no host at all", "data:application/json,{}", "data://"],
])("%s is refused, and both hosts are named", (_, nextLink, where) => {
  expect(() => followable(nextLink, ENDPOINT)).toThrow(
    `nextLink leads to ${where}, not to ${ENDPOINT}, and was not followed`,
  );
});

test("a backslash does not hide another host", () => {
  const link = followable("https://management.azure.com\\@evil.example/x", ENDPOINT);
  expect(link?.host).toBe("management.azure.com");
});

test("a link with credentials in it is refused without showing them", () => {
  const attempt = () => followable("https://user:hunter2@management.azure.com/x", ENDPOINT);
  expect(attempt).toThrow("holds a user name or a password");
  expect(attempt).not.toThrow("hunter2");
});

test.each([
  [7, "nextLink is not a string"],
  [{}, "nextLink is not a string"],
  ["/subscriptions/s", "nextLink is not a whole URL"],
  ["//evil.example/x", "nextLink is not a whole URL"],
])("%p is malformed", (nextLink, reason) => {
  expect(() => followable(nextLink, ENDPOINT)).toThrow(reason);
});
