import type { RotationOutputs } from "../rotation/properties";

/**
 * An update that failed after a key had changed. Pulumi saves the properties of an error that has
 * an id, so the new keys are not lost; with them it keeps the old inputs, by which the next update
 * knows the key that consumers hold.
 */
export class PartialUpdateError extends Error {
  readonly id: string;
  readonly properties: RotationOutputs;
  readonly reasons: string[];

  constructor(id: string, properties: RotationOutputs, reason: string) {
    super(reason);
    this.id = id;
    this.properties = properties;
    this.reasons = [reason];
  }
}
