import {
  type Cloud,
  cloudByName,
  cloudFromAzureCli,
  cloudFromMetadata,
  isAuthority,
  isSameCloud,
} from "../../provider/azure/clouds";
import { requireVault } from "../../provider/azure/keyVault/vaultUri";

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

/** A cloud of the user's whose metadata host tells such suffixes. */
function privateCloud(suffixes: unknown): Cloud {
  return cloudFromMetadata(
    {
      name: "Private",
      resourceManager: "https://arm.private",
      authentication: {
        loginEndpoint: "https://login.private",
        audiences: ["https://arm.private"],
      },
      suffixes,
    },
    "",
  );
}

describe("key vaults", () => {
  test.each([
    ["public", "vault.azure.net"],
    ["china", "vault.azure.cn"],
    ["usgovernment", "vault.usgovcloudapi.net"],
  ])("of cloud %s lie under a suffix that is their audience too", (name, suffix) => {
    expect(cloudByName(name)).toMatchObject({
      keyVaultSuffix: suffix,
      keyVaultAudience: `https://${suffix}`,
    });
  });

  test.each(["vault.private", ".vault.private", "VAULT.private"])(
    "are told of as %p by a metadata host and by the Azure CLI",
    (told) => {
      const endpoints = {
        activeDirectory: "https://login.private",
        resourceManager: "https://arm.private",
        activeDirectoryResourceId: "https://arm.private",
      };
      const clouds = [
        privateCloud({ keyVaultDns: told }),
        cloudFromAzureCli("Private", { endpoints, suffixes: { keyvaultDns: told } }),
      ];
      for (const cloud of clouds) {
        expect(cloud).toMatchObject({
          keyVaultSuffix: "vault.private",
          keyVaultAudience: "https://vault.private",
        });
      }
    },
  );

  test.each(["vault private", "vault.private/", "@evil.example", "a..b", "https://vault.private"])(
    "are not under %p",
    (keyVaultDns) => {
      expect(() => privateCloud({ keyVaultDns })).toThrow(/"keyVaultDns" is not what the names/);
    },
  );

  test.each([undefined, null, {}, { keyVaultDns: null }, { keyVaultDns: "" }])(
    "are where the program says in a cloud that tells %p",
    (suffixes) => {
      const cloud = privateCloud(suffixes);
      expect(cloud).toMatchObject({ keyVaultAudience: "https://vault.azure.net" });
      expect(requireVault(cloud, "https://any.example:8443/")).toBe("https://any.example:8443");
    },
  );

  test.each([
    ["https://my-vault.vault.azure.net/", "https://my-vault.vault.azure.net"],
    ["https://MY-VAULT.vault.azure.net", "https://my-vault.vault.azure.net"],
    ["https://vault.azure.net:8443/", "https://vault.azure.net:8443"],
  ])("%s is one of the public cloud's", (uri, origin) => {
    expect(requireVault(cloudByName("public"), uri)).toBe(origin);
  });

  test.each([
    "https://my-vault.vault.azure.cn",
    "https://evilvault.azure.net",
    "https://a.b.vault.azure.net",
    "https://.vault.azure.net",
    "https://my-vault.vault.azure.net.evil.example",
    "https://my-vault.vault.azure.net.",
    "https://evil.example/.vault.azure.net",
    "http://my-vault.vault.azure.net",
    "https://user@my-vault.vault.azure.net",
    "my-vault",
  ])("%s is none of the public cloud's", (uri) => {
    expect(() => requireVault(cloudByName("public"), uri)).toThrow(/\. Next: /);
  });
});

describe("who signs in", () => {
  test.each([
    ["public", "https://login.microsoftonline.com/tenant", true],
    ["public", "https://login.windows.net/tenant", true],
    ["public", "https://login.microsoftonline.us/tenant", false],
    ["public", "https://login.windows.net.evil.example/tenant", false],
    ["public", "http://login.windows.net/tenant", false],
    ["public", "", false],
    ["usgov", "https://login.microsoftonline.us/tenant", true],
    ["china", "https://login.partner.microsoftonline.cn/tenant", true],
  ])("to cloud %s: %p: %p", (name, url, expected) => {
    expect(isAuthority(cloudByName(name), url)).toBe(expected);
  });

  test("to a cloud of the user's is its own authority alone", () => {
    expect(isAuthority(privateCloud({}), "https://login.private/adfs")).toBe(true);
    expect(isAuthority(privateCloud({}), "https://login.windows.net/tenant")).toBe(false);
  });
});
