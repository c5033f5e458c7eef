// Preloaded into an application: a simulated vault lies at localhost, which is in no domain that its
// client would send a token to.
const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...rest) => {
  const loaded = load(request, ...rest);
  if (request !== "@azure/keyvault-secrets") return loaded;
  class LocalSecretClient extends loaded.SecretClient {
    constructor(vaultUrl, credential) {
      super(vaultUrl, credential, { disableChallengeResourceVerification: true });
    }
  }
  return { ...loaded, SecretClient: LocalSecretClient };
};
