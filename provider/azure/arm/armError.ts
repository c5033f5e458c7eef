import { jsonIfAny, property } from "../json";
import { redactLine } from "../redact";

/** The error in an answer of Azure Resource Manager, as it may be told. */
export interface ArmError {
  readonly code: string;
  /** "" if there is none. */
  readonly message: string;
}

/**
 * The error in an answer, `{ error: { code, message } }`. Resource Manager puts one into each answer
 * that refuses a request: one without it is somebody else's, and undefined here.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/common-error-responses
 */
export function armError(answer: {
  readonly bodyAsText?: string | null | undefined;
}): ArmError | undefined {
  const error = property(jsonIfAny(answer.bodyAsText), "error");
  const code = text(property(error, "code"));
  return code === "" ? undefined : { code, message: text(property(error, "message")) };
}

function text(value: unknown): string {
  return typeof value === "string" ? redactLine(value) : "";
}
