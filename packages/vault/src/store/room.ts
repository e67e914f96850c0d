import { PortError } from "@nightshift/ports";

/**
 * Waits for something that writes to a disk, and says it plainly when that is full, may not be written or is no directory.
 * @throws {PortError} `invalid` when there is no room or no directory, `denied` when we may not write there; whatever else it failed with.
 */
export async function whileRoom<T>(place: string, writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
      throw new PortError("invalid", "write", place, `its disk is full; free some space there, or name another directory`, error);
    if (code === "EACCES" || code === "EPERM" || code === "EROFS")
      throw new PortError("denied", "write", place, `it may not be written; give us the right to, or name another directory`, error);
    if (code === "ENOTDIR" || code === "EEXIST")
      throw new PortError("invalid", "write", place, `a file lies where a directory is needed; name another directory`, error);
    throw error;
  }
}
