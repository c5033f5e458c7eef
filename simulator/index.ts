export { startSimulator } from "./simulator";
export type { Simulator } from "./simulator";
export type { AccountOptions, SimulatorOptions } from "./simulatorOptions";
export type { AuthenticationMode, DataPlaneState, Regeneration, SimulatedAccount } from "./account";
export type { KeyName, KeyPair } from "./accountKeys";
export type { Fault, FaultInjection, FaultMoment, InjectedFault } from "./faults";
export type { RecordedRequest } from "./recordedRequest";
export type { OperationName } from "./route";
export type { ThrottleOptions, TokenBucketOptions } from "./throttle";
