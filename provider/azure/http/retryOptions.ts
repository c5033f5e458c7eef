/** How failed requests are sent again. Times are in milliseconds. */
export interface RetryOptions {
  /** How often one request that failed is sent again at the most. @default 6 */
  readonly maximumRetries: number;
  /** The first wait where the service names none; it doubles from there. @default 1000 */
  readonly firstDelay: number;
  /** No wait where the service names none is longer. @default 60000 */
  readonly longestDelay: number;
  /** A service that asks for more than this is not waited for. @default 600000 */
  readonly longestRetryAfter: number;
}

export const DEFAULT_RETRY: RetryOptions = {
  maximumRetries: 6,
  firstDelay: 1_000,
  longestDelay: 60_000,
  longestRetryAfter: 600_000,
};
