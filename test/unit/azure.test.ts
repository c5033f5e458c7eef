import { signGet } from "../../provider/azure/batch/sharedKey";
import { redact } from "../../provider/azure/redact";
import { cloudByName, cloudFromMetadata, isSameCloud } from "../../provider/azure/cloud/clouds";
import { readConfiguration } from "../../provider/azure/configuration";
import { formatBatchAccountId, parseBatchAccountId } from "../../provider/rotation/batchAccountId";
import vectors from "../fixtures/sharedkey-vectors.json";
import { ACCOUNT_ID } from "../support/rotationInputs";

describe("SharedKey signatures", () => {
  const key = Buffer.from(Array.from({ length: 64 }, (_, byte) => byte)).toString("base64");
  const signable = vectors.vectors.filter(({ headers }) => !("Content-Type" in headers));

  test.each(signable)(
    "are those of Microsoft's client for $url",
    ({ url, headers, authorization }) => {
      expect(signGet(new URL(url), headers["ocp-date"], vectors.account, key)).toBe(authorization);
    },
  );

  test("there are vectors to hold them against", () => {
    expect(signable.length).toBeGreaterThanOrEqual(2);
  });
});

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

describe("clouds", () => {
  test.each([
    ["AzureCloud", "https://management.azure.com"],
    ["Public", "https://management.azure.com"],
    ["AzureChinaCloud", "https://management.chinacloudapi.cn"],
    ["usgovernmentl4", "https://management.usgovcloudapi.net"],
  ])("%p is found by name", (name, resourceManager) => {
    expect(cloudByName(name)).toMatchObject({ resourceManager, skipsInstanceDiscovery: false });
  });

  test.each(["", "mars", "__proto__", "constructor"])("%p is no cloud", (name) => {
    expect(() => cloudByName(name)).toThrow(/unknown Azure environment/);
  });

  test("a metadata document gives endpoints without trailing slashes", () => {
    expect(
      cloudFromMetadata(
        {
          name: "Private",
          resourceManager: "https://arm.private/",
          authentication: {
            loginEndpoint: "https://login.private/",
            audiences: ["https://arm.private/"],
          },
        },
        "china",
      ),
    ).toEqual({
      name: "Private",
      authorityHost: "https://login.private",
      resourceManager: "https://arm.private",
      audience: "https://arm.private",
      batchSuffix: undefined,
      skipsInstanceDiscovery: true,
    });
  });

  test.each([
    ["AzureCloud", "https://management.azure.com/", "public", ".batch.azure.com"],
    ["AzureCloud", "https://management.core.windows.net/", "", ".batch.azure.com"],
    ["AzureChinaCloud", "https://management.chinacloudapi.cn", "china", ".batch.chinacloudapi.cn"],
    [
      "AzureUSGovernment",
      "https://management.usgovcloudapi.net",
      "usgov",
      ".batch.usgovcloudapi.net",
    ],
  ])(
    "a metadata document of %s at %s gives that cloud",
    (name, resourceManager, environment, suffix) => {
      const elsewhere = { loginEndpoint: "https://elsewhere", audiences: ["https://elsewhere"] };
      const document = { name, resourceManager, authentication: elsewhere };
      const cloud = cloudFromMetadata(document, environment);
      expect(cloud).toEqual({ ...cloudByName(name), skipsInstanceDiscovery: true });
      expect(cloud.batchSuffix).toBe(suffix);
    },
  );

  test.each([
    "https://management.azure.com.evil.example",
    "https://management.azure.com:444",
    "https://management.chinacloudapi.cn",
  ])("a metadata document of AzureCloud at %s is refused", (resourceManager) => {
    const authentication = { loginEndpoint: "https://login", audiences: ["https://arm"] };
    const document = { name: "azurecloud", resourceManager, authentication };
    expect(() => cloudFromMetadata(document, "")).toThrow(/which is not that cloud's/);
  });

  test.each([
    ["AzureCloud", "public", true],
    ["AzureCloud", "china", false],
    ["Mars", "mars", true],
    ["Mars", "AzureCloud", false],
  ])("%s and %s are one cloud: %p", (one, other, same) => {
    expect(isSameCloud(one, other)).toBe(same);
  });
});

test("a setting of the stack wins over the environment, even an empty one", () => {
  const stack = new Map([
    ["azure-native:clientId", "from the stack"],
    ["azure-native:clientSecret", ""],
  ]);
  const environment = {
    ARM_CLIENT_ID: "from the environment",
    ARM_CLIENT_SECRET: "from the environment",
    ARM_CLIENT_CERTIFICATE_PASSWORD: " a password ",
    ARM_ENVIRONMENT: "",
    AZURE_ENVIRONMENT: "china",
  };
  expect(readConfiguration((key) => stack.get(key), "azure-native", environment)).toMatchObject({
    clientId: "from the stack",
    clientSecret: "",
    clientCertificatePassword: " a password ",
    environment: "china",
    tenantId: "",
  });
});

test("an account's id is read whatever the letter case of its fixed parts", () => {
  const id = ACCOUNT_ID.replace("resourceGroups", "resourcegroups");
  expect(formatBatchAccountId(parseBatchAccountId(id) ?? fail())).toBe(ACCOUNT_ID);
});

function fail(): never {
  throw new Error("not an id");
}
