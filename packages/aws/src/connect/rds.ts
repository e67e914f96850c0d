import { RDSClient } from "@aws-sdk/client-rds";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectRds = (options: ClientOptions): RDSClient => new RDSClient(options);
