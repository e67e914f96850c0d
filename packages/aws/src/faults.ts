import { PortError } from "@nightshift/ports";

/** Whether AWS answered with a fault of this name: an error's kind says who must act, its name which of several faults of a kind it was. */
export const isFault = (thrown: unknown, ...names: readonly string[]): thrown is PortError =>
  thrown instanceof PortError &&
  thrown.cause instanceof Error &&
  names.some((name) => thrown.cause instanceof Error && thrown.cause.message.split(" ")[0] === name);

/** What `read` found; undefined where AWS says by one of these faults that there is no such thing. */
export async function unlessFault<T>(read: () => Promise<T>, ...names: readonly string[]): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error, ...names)) return undefined;
    throw error;
  }
}
