/** A measurement that did not measure what it says: a rotation failed, or a number is missing. */
export class BrokenMeasurement extends Error {}
