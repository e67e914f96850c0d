import { SSMClient } from "@aws-sdk/client-ssm";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectSsm = (options: ClientOptions): SSMClient => new SSMClient(options);
