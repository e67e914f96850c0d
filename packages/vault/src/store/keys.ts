import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";

/** Refuses a key that would leave the store's prefix or folder, or that no two stores would read alike. */
export function refuseKey(operation: string, key: string): void {
  const fine =
    key !== "" && !key.startsWith("/") && !key.includes("\\") && !key.includes("\0") && key.split("/").every((part) => part !== "." && part !== "..");
  if (guard("a key stays inside the store", !fine))
    throw new PortError("invalid", operation, JSON.stringify(key), "a key is a relative path without `.` and `..`");
}
