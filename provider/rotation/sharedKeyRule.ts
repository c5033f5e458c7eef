/** What an account says of how clients may sign in to it; what it does not say is not known. */
export interface SignInFacts {
  readonly allowedAuthenticationModes?: readonly string[] | null | undefined;
  readonly poolAllocationMode?: string | null | undefined;
}

/**
 * Why an account has no keys to rotate, to go on from its name with; undefined where it may have.
 * One that does not tell its modes may: Azure decides.
 */
export function sharedKeyRefusal({
  allowedAuthenticationModes: modes,
}: SignInFacts): string | undefined {
  if (modes === undefined || modes === null || modes.includes("SharedKey")) return undefined;
  // What is no name of a mode is not repeated: an answer can hold anything.
  const names = modes.filter((mode) => /^\w{1,40}$/.test(mode)).join(", ");
  return `does not allow shared keys (its allowedAuthenticationModes: ${names || "none"})`;
}

/**
 * The same for an account that can still be left alone, or made otherwise. Clients sign in with
 * Microsoft Entra ID to one whose pools are in the user's subscription: it has to say that it allows
 * shared keys, or counts as one that does not.
 *
 * https://learn.microsoft.com/azure/batch/accounts#batch-accounts
 */
export function strictSharedKeyRefusal(account: SignInFacts): string | undefined {
  const { allowedAuthenticationModes: modes, poolAllocationMode } = account;
  return (modes ?? undefined) === undefined && poolAllocationMode === "UserSubscription"
    ? "does not say that it allows shared keys, and its poolAllocationMode is UserSubscription"
    : sharedKeyRefusal(account);
}
