/** What every client is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: 1;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
    readonly httpAgent: { readonly keepAlive: true; readonly maxSockets: number };
    readonly httpsAgent: { readonly keepAlive: true; readonly maxSockets: number };
  };
}

// A look comes every 10 s; a call that has not answered in 8 is read as unanswered, so that looks do not pile up.
const connectionTimeoutMs = 2_000;
const requestTimeoutMs = 8_000;
const agent = { keepAlive: true, maxSockets: 25 } as const;

/** One attempt, bounded in time, over kept-alive connections. */
export const clientOptions = (region: string): ClientOptions => ({
  region,
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  },
});
