import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectLogs = (options: ClientOptions): CloudWatchLogsClient => new CloudWatchLogsClient(options);
