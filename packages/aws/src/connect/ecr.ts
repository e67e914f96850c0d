import { ECRClient } from "@aws-sdk/client-ecr";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectEcr = (options: ClientOptions): ECRClient => new ECRClient(options);
