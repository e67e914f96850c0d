import { BackupClient } from "@aws-sdk/client-backup";
import type { ClientOptions } from "./options.ts";

/** Makes the client; loaded at first use, so that a function that never needs it never loads it. */
export const connectBackup = (options: ClientOptions): BackupClient => new BackupClient(options);
