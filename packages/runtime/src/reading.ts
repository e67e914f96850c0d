import type { Reading } from "@nightshift/model";
import { PortError } from "@nightshift/ports";

/** An answer, or the port's sentence in its place: what could not be read is unknown, never zero and never a failure of what it describes. */
export async function reading<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (error instanceof PortError) return { ok: false, because: error.message };
    throw error;
  }
}
