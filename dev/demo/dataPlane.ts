import { Agent } from "node:https";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";

/** What has to be known of an account to sign in to it. */
export interface AccountAddress {
  readonly accountName: string;
  /** https://host, of the data plane. */
  readonly endpoint: string;
  /** The certificate to trust, PEM. */
  readonly certificateAuthority: string;
}

/** Whether the Batch service takes a request signed with a key: the judge of which keys work. */
export type DataPlane = (key: string) => Promise<boolean>;

/** Signs in with Microsoft's own client, so that nothing of this package judges itself. */
export function dataPlaneOf(address: AccountAddress): DataPlane {
  const { accountName, endpoint, certificateAuthority } = address;
  return async (key) => {
    const client = new BatchServiceClient(
      new BatchSharedKeyCredentials(accountName, key),
      endpoint,
      {
        agentSettings: { http: new Agent(), https: new Agent({ ca: certificateAuthority }) },
        noRetryPolicy: true,
      },
    );
    try {
      await client.pool.list({ poolListOptions: { maxResults: 1, select: "id" } });
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  };
}

/** Anything else, a broken connection for instance, says nothing of the key. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === 403;
}
