const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { PROPERTIES, SECRET_OUTPUTS } = require("./resource");

// The bench writes it: a thousand ids are too long for a setting.
const accountIds = JSON.parse(readFileSync("accounts.json", "utf8"));
const version = new pulumi.Config().requireNumber("version");

/*
 * What Pulumi takes for a resource that keeps as much in state as a rotation does, to the name of
 * each property and the length of the provider's text; nobody is asked for keys.
 */
const TEXT = 'exports.handler = () => require(process.cwd() + "/resource"); // for as long\n';
const provider = {};
/** As the package does it: the text above is in the place of the one that Pulumi makes of that. */
const transformations = [
  ({ props, opts }) => ({
    props: { ...props, __provider: pulumi.output(props.__provider).apply(() => TEXT) },
    opts,
  }),
];

accountIds.forEach((accountId, index) => {
  const properties = Object.fromEntries(PROPERTIES.map((name) => [name, undefined]));
  // The package, too, spares a program the SDK's stack traces while a resource is made.
  const { stackTraceLimit, prepareStackTrace } = Error;
  Object.assign(Error, { stackTraceLimit: 0, prepareStackTrace: () => "" });
  new pulumi.dynamic.Resource(
    provider,
    `resource${index}`,
    { ...properties, accountId, version },
    { additionalSecretOutputs: [...SECRET_OUTPUTS], transformations },
    "azure-batch",
    "AsMuchStateAsARotation",
  );
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
});
