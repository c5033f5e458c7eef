/** What the files of both projects have in common. */
const files = {
  modulePathIgnorePatterns: [
    "<rootDir>/dist",
    "<rootDir>/sdk",
    "<rootDir>/node_modules/pulumi-azure-batch-key-rotation",
  ],
  // A dynamic import of a file of our own names what Node loads; here that is still TypeScript.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};

/** What runs over both hosts of the lifecycle: the dynamic resource, and the provider plugin. */
const SUITE =
  "test/engine/{rotation,replaced,noNeedlessRotation,schedule,duplicateRotation,plans,keyVaultSecret,killed}.test.ts";

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    { ...files, displayName: "package", testMatch: ["<rootDir>/test/**/*.test.ts"] },
    {
      ...files,
      displayName: "plugin",
      testMatch: [`<rootDir>/${SUITE}`],
      globals: { HOST: "provider plugin" },
    },
  ],
  testTimeout: 30_000,
  // Much of the time is spent waiting, for engines and for time to pass.
  maxWorkers: "100%",
  reporters: ["default", "<rootDir>/test/support/closingLineReporter.cjs"],
};
