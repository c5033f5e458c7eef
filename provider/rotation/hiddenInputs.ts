/** Where Pulumi's engine tells the state of the stack, and which resource is being checked. */
export interface EngineReference {
  /** Address of the engine's resource monitor. */
  readonly monitor: string;
  readonly stack: string;
  readonly urn: string;
}

/** What a program's resource tells check beside its arguments. Check takes it out of the inputs. */
export interface HiddenInputs {
  /** Whether this run previews: a decision that it makes has no time yet. */
  readonly previewing?: boolean;
  /** Where check finds out, for a resource that is created, whether state has its account's rotation. */
  readonly engine?: EngineReference;
}
