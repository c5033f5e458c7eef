import type * as pulumi from "@pulumi/pulumi";
import type { Lifecycle } from "./lifecycle";

/** The module's functions as the text calls them: with whatever Pulumi hands over. */
type Calls = Record<keyof Lifecycle, (...values: unknown[]) => Promise<unknown>>;

/**
 * The provider that Pulumi writes into state as text, twice for each resource. It captures nothing
 * and decides nothing: its text is the same in every version of this package, so that an upgrade
 * changes no resource.
 *
 * Pulumi calls `configure` first and looks for the other methods after that. Written out, seven
 * methods would serialize to more than 2 KB; put in place here they are a tenth of it. They are in
 * place before the package is loaded, so that where it cannot be found every call says so.
 * `require` is resolved where the text runs, from the folder of the user's project.
 */
export const dynamicProvider = {
  configure(this: Record<string, unknown>, request: unknown): unknown {
    const lifecycle = () => require("pulumi-azure-batch-key-rotation/lifecycle") as Calls;
    for (const method of ["check", "diff", "create", "read", "update", "delete"] as const) {
      this[method] = async (...values: unknown[]) => lifecycle()[method](...values);
    }
    return lifecycle().configure(request);
  },
} as unknown as pulumi.dynamic.ResourceProvider;
