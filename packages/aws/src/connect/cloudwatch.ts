import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectCloudWatch = (options: ClientOptions): CloudWatchClient => new CloudWatchClient(options);
