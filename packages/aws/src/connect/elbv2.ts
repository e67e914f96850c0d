import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectElbv2 = (options: ClientOptions): ElasticLoadBalancingV2Client => new ElasticLoadBalancingV2Client(options);
