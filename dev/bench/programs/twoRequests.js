const { Agent, request } = require("node:https");
const { text } = require("node:stream/consumers");

/*
 * The two requests of a rotation, GET and regenerateKeys, as somebody would write them who has a
 * token and no need for anything else.
 */

const READ = "?api-version=2024-07-01";
const REGENERATE = "/regenerateKeys?api-version=2024-02-01";
const BODY = JSON.stringify({ keyName: "Secondary" });

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

/** By fetch. */
function fetchRotation(account, token) {
  const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
  const send = async (url, init) => {
    const response = await fetch(url, init);
    if (response.status !== 200) throw new Error(`fetch was answered ${response.status}`);
    return response.json();
  };
  return async () => {
    await send(account + READ, { headers });
    await send(account + REGENERATE, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: BODY,
    });
  };
}

/** By node:https, over a connection that is kept alive. */
function httpsRotation(account, token) {
  const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
  const agent = new Agent({ keepAlive: true });
  const send = async (url, options, body) => {
    const response = await new Promise((resolve, reject) => {
      request(url, { agent, ...options }, resolve)
        .once("error", reject)
        .end(body);
    });
    const json = await text(response);
    if (response.statusCode !== 200) throw new Error(`https was answered ${response.statusCode}`);
    return JSON.parse(json);
  };
  return async () => {
    await send(account + READ, { headers });
    const length = { "Content-Type": "application/json", "Content-Length": BODY.length };
    await send(account + REGENERATE, { method: "POST", headers: { ...headers, ...length } }, BODY);
  };
}

module.exports = { fetchRotation, httpsRotation, signIn };
