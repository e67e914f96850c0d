import { SQSClient } from "@aws-sdk/client-sqs";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectSqs = (options: ClientOptions): SQSClient => new SQSClient(options);
