import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { PortError } from "@nightshift/ports";

/** A file from an offset on; a missing one is said before the first byte. */
export async function folderStream(
  file: string,
  { key, from, signal }: { readonly key: string; readonly from: number; readonly signal: AbortSignal },
): Promise<Readable> {
  signal.throwIfAborted();
  try {
    const handle = await open(file, "r");
    return createReadStream(file, { fd: handle, start: from, highWaterMark: 1_024 ** 2, signal });
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "ENOENT") throw new PortError("not-found", "read", key, `${file} is not there`, error);
    throw error;
  }
}
