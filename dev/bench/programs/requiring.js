/*
 * Requires Pulumi's SDK and then this package, as a program does. Prints the milliseconds after each,
 * and what the second loaded: files, and modules of Node.js.
 */
const startedAt = performance.now();
require("@pulumi/pulumi");
const alone = performance.now() - startedAt;

const files = new Set(Object.keys(require.cache));
const builtIn = new Set(process.moduleLoadList);
require("pulumi-azure-batch-key-rotation");
const both = performance.now() - startedAt;

const loaded = [
  ...Object.keys(require.cache).filter((file) => !files.has(file)),
  ...process.moduleLoadList.filter((module) => !builtIn.has(module)),
];
console.log(JSON.stringify({ alone, both, loaded }));
