import { LambdaClient } from "@aws-sdk/client-lambda";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectLambda = (options: ClientOptions): LambdaClient => new LambdaClient(options);
