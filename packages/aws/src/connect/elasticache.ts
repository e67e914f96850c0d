import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectElastiCache = (options: ClientOptions): ElastiCacheClient => new ElastiCacheClient(options);
