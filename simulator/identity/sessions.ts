import { randomUUID } from "node:crypto";
import { Failure } from "../failure";

/**
 * Continuous Access Evaluation: which access tokens a revocation leaves valid.
 *
 * A token belongs to the session in which it was issued. A revocation starts a new session, and
 * a token request enters it only with the claims of Resource Manager's challenge. Azure also takes
 * a token that was merely issued later; here a client passes because it sends the claims, and not
 * by the luck of having asked again.
 */
export class Sessions {
  readonly #now: () => number;
  readonly #first = randomUUID();
  #current = this.#first;
  /** In seconds since 1970. */
  #revokedAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The session of those who sign in anew. */
  get current(): string {
    return this.#current;
  }

  /** The claims that a token request must carry from now on, as JSON. */
  get requiredClaims(): string {
    const nbf = { essential: true, value: String(this.#revokedAt) };
    return JSON.stringify({ access_token: { nbf } });
  }

  revoke(): void {
    this.#current = randomUUID();
    this.#revokedAt = Math.floor(this.#now() / 1000);
  }

  /** @param claims the `claims` parameter of a token request, JSON; null without one. */
  enter(claims: string | null): string {
    return requestedNotBefore(claims) >= this.#revokedAt ? this.#current : this.#first;
  }
}

/** The `nbf` that claims ask for, 0 if they ask for none: clients send other claims as well. */
function requestedNotBefore(claims: string | null): number {
  try {
    const parsed = JSON.parse(claims ?? "{}") as { access_token?: { nbf?: { value?: unknown } } };
    return Number(parsed.access_token?.nbf?.value ?? 0);
  } catch {
    const message = "Invalid request. Request is malformed or invalid.";
    throw new Failure(400, "AADSTS9002313", message);
  }
}
