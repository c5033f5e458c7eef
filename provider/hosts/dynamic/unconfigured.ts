/**
 * The stack's configuration as an SDK leaves it that does not hand it to dynamic providers. To go on
 * with the environment alone could reach another subscription, or another cloud.
 * @throws Error
 */
export function unconfigured(): never {
  throw new Error(
    "Pulumi has not configured this provider, so it does not know the stack's configuration: nothing was called. Next: upgrade @pulumi/pulumi to 3.139.0 or newer; older versions do not configure dynamic providers",
  );
}
