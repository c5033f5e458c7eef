const { readFileSync } = require("node:fs");

/** What runProgram has written to standard input. */
function readTask() {
  return JSON.parse(readFileSync(0, "utf8"));
}

module.exports = { readTask };
