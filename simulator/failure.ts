/** What a failure carries beside its code and message. */
export interface FailureDetails {
  readonly headers?: Readonly<Record<string, string>>;
  /** Resource Manager's `target`. */
  readonly target?: string;
  /** The Batch service's `AuthenticationErrorDetail`. */
  readonly authenticationErrorDetail?: string;
  /** The code of Key Vault's `innererror`. */
  readonly innerCode?: string;
}

/** A request that a service refuses. Each service puts it into a body of its own form. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message);
  }
}

/** Resource Manager's words for a resource that is not there. */
export function resourceNotFound(type: string, name: string, resourceGroupName: string): Failure {
  return new Failure(
    404,
    "ResourceNotFound",
    `The Resource '${type}/${name}' under resource group '${resourceGroupName}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    { headers: { "x-ms-failure-cause": "gateway" } },
  );
}
