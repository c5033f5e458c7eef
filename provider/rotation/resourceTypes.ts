/** The types that a rotation has in state: the dynamic resource's, and the provider plugin's. */
export const ROTATION_TYPES: readonly string[] = [
  "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation",
  "azure-batch-key-rotation:index:BatchAccountKeyRotation",
];
