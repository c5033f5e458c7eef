/* What the lifecycle does with Azure: loaded with the first call that needs it. */
export { get, inputsOfGet } from "./get";
export { preflight, requireDecidedAccount, sameDecision } from "./preflight";
export { refresh } from "./refresh";
export { finishRotation, revokeKeys, rotateKeys } from "./rotateKeys";
export { whereMoved } from "./whereMoved";
