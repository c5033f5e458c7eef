export type { AuthenticationMode, DataPlaneState, Regeneration, SimulatedAccount } from "./account";
export type { KeyName, KeyPair } from "./accountKeys";
export type { Fault, FaultInjection, FaultMoment, InjectedFault } from "./faults";
export type {
  SecretAttributes,
  SecretProperties,
  SecretState,
  SecretVersion,
} from "./keyVault/secret";
export type { SimulatedVault } from "./keyVault/vault";
export type { RecordedRequest } from "./recordedRequest";
export type { OperationName } from "./route";
export type { Simulator } from "./simulator";
export type {
  AccountOptions,
  FederatedTokenOptions,
  MoveOptions,
  SimulatorOptions,
  VaultOptions,
} from "./simulatorOptions";
export { startSimulator } from "./startSimulator";
export type { ThrottleOptions } from "./throttle";
export type { TokenBucketOptions } from "./tokenBucket";
