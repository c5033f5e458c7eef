import type { GetBatchAccountResult } from "@pulumi/azure-native/batch";
import type { BatchAccount } from "../../index";

/* Checked by the compiler: what azure-native says of an account, this package says in its words. */

type Theirs = Omit<GetBatchAccountResult, "azureApiVersion">;

/** The names of properties at every depth, as paths such as "encryption.keySource". */
type Paths<Value, Prefix extends string = ""> = Value extends string
  ? never
  : Value extends readonly (infer Element)[]
    ? Paths<Element, Prefix>
    : Value extends object
      ? string extends keyof Value
        ? Paths<Value[string & keyof Value], `${Prefix}*.`>
        : {
            [Name in keyof Value & string]:
              `${Prefix}${Name}` | Paths<Exclude<Value[Name], undefined>, `${Prefix}${Name}.`>;
          }[keyof Value & string]
      : never;

/** `true`, or the names that are missing: then the compiler shows them. */
type Has<Found, Wanted> = [Exclude<Wanted, Found>] extends [never] ? true : Exclude<Wanted, Found>;

const NONE_IS_MISSING: Has<keyof BatchAccount, keyof Theirs> = true;
const NONE_IS_MISSING_INSIDE: Has<Paths<BatchAccount>, Paths<Theirs>> = true;
const NONE_IS_INVENTED: Has<Paths<Theirs>, Paths<BatchAccount>> = true;

/** Whoever has an account of azure-native's has one of ours. */
function fromAzureNative(account: GetBatchAccountResult): BatchAccount {
  return account;
}

/** Names that the service may add later are taken, and the known ones are offered by editors. */
const open: Pick<BatchAccount, "publicNetworkAccess" | "poolAllocationMode"> = {
  publicNetworkAccess: "SecuredByPerimeter",
  poolAllocationMode: "of the future",
};

test("BatchAccount has azure-native's properties at every depth, and takes its accounts", () => {
  expect([NONE_IS_MISSING, NONE_IS_MISSING_INSIDE, NONE_IS_INVENTED]).toEqual([true, true, true]);
  expect(fromAzureNative).toBeDefined();
  expect(open).toBeDefined();
});
