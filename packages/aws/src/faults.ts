import { PortError } from "@nightshift/ports";

/** Whether AWS answered with the fault of this name: an error's kind says who must act, its name which of several faults of a kind it was. */
export const isFault = (thrown: unknown, name: string): thrown is PortError =>
  thrown instanceof PortError && thrown.cause instanceof Error && thrown.cause.message.split(" ")[0] === name;

/** What `read` found; undefined where AWS says by this fault that there is no such thing. */
export async function unlessFault<T>(read: () => Promise<T>, name: string): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error, name)) return undefined;
    throw error;
  }
}
