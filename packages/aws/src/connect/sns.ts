import { SNSClient } from "@aws-sdk/client-sns";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectSns = (options: ClientOptions): SNSClient => new SNSClient(options);
