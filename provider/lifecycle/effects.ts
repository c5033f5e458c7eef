/* What the lifecycle does with Azure: loaded with the first call that needs it. */
export { preflight, requireDecidedAccount, sameDecision } from "./preflight";
export { get, inputsOfGet, refresh } from "./read";
export { finishRotation, revokeKeys, revokePreviousKey, rotateKeys } from "./rotateKeys";
export { whereMoved } from "./whereMoved";
