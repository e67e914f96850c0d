import { PortError, type World } from "@nightshift/ports";

/** What waking a war room needs of the world. */
export type Waking = Pick<World, "wakes" | "starter">;

/**
 * Wakes an incident's war room before its time. That it could not be woken is no error: the room looks by itself when its
 * next time comes. What became of it is returned for the log.
 */
export async function wakeRoom({ wakes, starter }: Waking, incident: string): Promise<string> {
  try {
    const callback = await wakes.waiting(incident);
    if (callback === undefined) return "its war room does not wait";
    await starter.wake(callback);
    return "its war room was woken";
  } catch (error) {
    // A bug of ours is loud; what a port refuses is said, and made good by the room's own next look.
    if (!(error instanceof PortError)) throw error;
    return `its war room was not woken: ${error.message}`;
  }
}
