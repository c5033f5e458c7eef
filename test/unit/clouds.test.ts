import { cloudByName, cloudFromMetadata, isSameCloud } from "../../provider/azure/clouds";

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
      keyVaultSuffix: undefined,
      keyVaultAudience: "https://vault.azure.net",
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
