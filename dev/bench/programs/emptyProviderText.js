const pulumi = require("@pulumi/pulumi");

// Prints the text that Pulumi makes of a provider which does nothing, as a state file holds it.
const provider = { create: async () => ({ id: "empty", outs: {} }) };

pulumi.runtime
  .serializeFunction(() => provider)
  .then(({ text }) => {
    console.log(JSON.stringify(text));
  });
