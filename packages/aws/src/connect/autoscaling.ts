import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectAutoscaling = (options: ClientOptions): ApplicationAutoScalingClient => new ApplicationAutoScalingClient(options);
