import { redact } from "../../provider/azure/redact";

describe("redact", () => {
  test("takes keys, tokens and named secrets out of a text", () => {
    const key = Buffer.alloc(64, 7).toString("base64");
    const token = ["eyJhbGciOi", "eyJzdWIiOi", "signature"].join(".");
    expect(redact(`a ${key} b ${token} c hunter2 d Bearer x.y-z`, ["hunter2", ""])).toBe(
      "a [secret] b [secret] c [secret] d [secret]",
    );
  });

  test("takes a named secret out as a form or a URL has it, too", () => {
    expect(redact("a%2B+b a%2B%20b a+ b", ["a+ b"])).toBe("[secret] [secret] [secret]");
  });

  test("takes out secrets that are part of one another, and of what replaces them", () => {
    expect(redact("hunter2hunter3 hunter2 e", ["hunter2", "hunter2hunter3", "e"])).toBe(
      "[secret] [secret] [secret]",
    );
    expect(redact("a.b a+b (x", ["a.b", "(x"])).toBe("[secret] a+b [secret]");
  });

  test.each([
    "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE that was cut",
    '"refresh_token":"0.AXoA"',
    "access_token=opaque",
    "client_secret: abc~def",
    "Bearer 0.AXoAopaque",
    "Bearer opaque/with+pad==",
    "bearer abcdefghijklmnopqrstuvwxyz",
    "SharedKey account:c2lnbmF0dXJl",
    "SharedKeyLite account:c2lnbmF0dXJl/+=",
    "\u001b[1mBearer\u001b[0m 0.AXoAopaque",
  ])("takes out what has the shape of a secret: %j", (secret) => {
    expect(redact(`it is ${secret}`).replace('"[', "[")).toBe("it is [secret]");
  });

  test.each([
    "The specified type of authentication SharedKey is not allowed for this account.",
    'Bearer authorization_uri="https://login.windows.net/"',
    "Bearer error=invalid_token",
    "A Bearer token is missing. The Bearer, the token.",
    "The access_token has expired: 'client_assertion' or 'client_secret'.",
  ])("leaves what only speaks of secrets: %j", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("takes control characters out and keeps the text to one line's length", () => {
    expect(redact("\u001b[2Ja\r\nb\u0007")).toBe("a b");
    expect(redact("x".repeat(5_000))).toHaveLength(1_001);
  });
});
