import { ECSClient } from "@aws-sdk/client-ecs";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectEcs = (options: ClientOptions): ECSClient => new ECSClient(options);
