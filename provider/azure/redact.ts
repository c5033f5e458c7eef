import { stripVTControlCharacters } from "node:util";

/**
 * Texts of other programs (an ARM message, a sign-in error, a socket error) before they reach a
 * user: what has the shape of a key, a token or is a secret in use goes, control characters go, and
 * the text is cut to a length that a terminal can show. Our own sentences do not go through
 * here: a password may be a word of theirs.
 */
const SECRET_SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs,
  /[A-Za-z0-9+/]{86}==/g, // a Batch account key: base64 of 64 bytes
  /\beyJ[\w-]+\.[\w-]+\.?[\w-]*/g, // a JSON web token
  /\bSharedKey(Lite)?\s+[^\s'":]+:[^\s'"]+/gi,
  // A token, and not a challenge's parameter (authorization_uri="…") nor the next word of a sentence.
  /\bBearer\s+(?![a-z_]+="?[\w/])([a-z]*(\d|[-._~+/](?=\w))[-\w.~+/]*|[a-z]{20,})=*/gi,
  /\b(refresh_token|access_token|client_secret)["']?\s*[=:]\s*\S+/gi,
];
const MAXIMUM_LENGTH = 1_000;

/** @param secrets in use; "" is none. A server may send one back as the form encoded it. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const used = secrets.filter((secret) => secret !== "").flatMap(spellings);
  // At once, the longest first: one may begin with another, or stand in what replaces it.
  const anySecret = used
    .sort((one, another) => another.length - one.length)
    .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("|");
  const plain = stripVTControlCharacters(text);
  let result = anySecret === "" ? plain : plain.replace(new RegExp(anySecret, "g"), "[secret]");
  for (const shape of SECRET_SHAPES) result = result.replace(shape, "[secret]");
  result = result.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return result.length > MAXIMUM_LENGTH ? `${result.slice(0, MAXIMUM_LENGTH)}…` : result;
}

/** The first line of a service's message: what follows are ids and times. */
export function redactLine(text: string): string {
  return redact(text.split("\n", 1)[0] ?? "");
}

function spellings(secret: string): string[] {
  const inForm = new URLSearchParams({ secret }).toString().slice("secret=".length);
  return [secret, inForm, encodeURIComponent(secret)];
}
