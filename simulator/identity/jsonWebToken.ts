/** A JSON Web Token, taken apart but not verified. */
export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The text that the signature covers. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** The text to sign, to which the signature is then appended. */
export function signingInput(header: object, payload: object): string {
  return [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
}

/** Undefined if the text is not a signed JSON Web Token. */
export function parseJsonWebToken(text: string): JsonWebToken | undefined {
  const [header, payload, signature, ...rest] = text.split(".");
  const parsedHeader = parseObject(header);
  const parsedPayload = parseObject(payload);
  if (!header || !payload || !signature || rest.length > 0 || !parsedHeader || !parsedPayload) {
    return undefined;
  }
  return {
    header: parsedHeader,
    payload: parsedPayload,
    signingInput: `${header}.${payload}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function parseObject(part = ""): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
