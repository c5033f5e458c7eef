const { readFileSync } = require("node:fs");

/** What runProgram has written to standard input. */
function readTask() {
  return JSON.parse(readFileSync(0, "utf8"));
}

/** A token for Resource Manager, for the clients that are measured with one at hand. */
async function signIn(url) {
  const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET } = process.env;
  const response = await fetch(`${url}/${ARM_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ARM_CLIENT_ID,
      client_secret: ARM_CLIENT_SECRET,
      scope: `${url}/.default`,
    }),
  });
  return (await response.json()).access_token;
}

module.exports = { readTask, signIn };
