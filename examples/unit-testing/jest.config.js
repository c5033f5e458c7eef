/** @type {import("jest").Config} */
module.exports = {
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" } } }] },
  testTimeout: 120_000, // each update starts the Pulumi CLI
};
