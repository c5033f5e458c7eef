// Preloaded into a process to see which packages it loads, and when.
const Module = require("node:module");
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request.startsWith("@")) console.error(`loaded ${request}`);
  return load.call(this, request, ...rest);
};
