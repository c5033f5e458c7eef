export { startSimulator } from "./startSimulator";
export type { Simulator } from "./simulator";
export type {
  AccountOptions,
  FederatedTokenOptions,
  MoveOptions,
  SimulatorOptions,
  VaultOptions,
} from "./simulatorOptions";
export type { AuthenticationMode, DataPlaneState, Regeneration, SimulatedAccount } from "./account";
export type { KeyName, KeyPair } from "./accountKeys";
export type { Fault, FaultInjection, FaultMoment, InjectedFault } from "./faults";
export type { RecordedRequest } from "./recordedRequest";
export type { OperationName } from "./route";
export type { SecretVersion, SimulatedVault } from "./vault";
export type { ThrottleOptions, TokenBucketOptions } from "./throttle";
