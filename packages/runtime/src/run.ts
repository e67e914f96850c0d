import { acquireLease, releaseLease } from "./lease.ts";
import type { Checkpoints, Run } from "./automation.ts";
import { askPerson } from "./consent.ts";
import { mutate } from "./mutate.ts";
import type { Needs } from "./needs.ts";
import { sayLines } from "./say.ts";

/**
 * Binds a world to a place that remembers. The world is reachable only inside a named step,
 * so an effect outside a checkpoint cannot be written.
 */
export function runIn<W extends Needs>(world: W, checkpoints: Checkpoints, key: string): Run<W> {
  const at = { world, checkpoints, key };
  return {
    key,
    step: (name, effect) => checkpoints.once(name, () => effect(world)),
    acquire: (request, budgets, seen) => acquireLease(at, { request, budgets, seen }),
    release: (services) => releaseLease(at, services),
    mutate: (mutation) => mutate(at, mutation),
    watch: (name, { start, atMost, every, look, blind, done }) =>
      checkpoints.poll(
        name,
        start,
        async (state) => {
          try {
            return await look(world, state);
          } catch (error) {
            return blind(state, error instanceof Error ? error.message : String(error));
          }
        },
        (state, looks) => (done(state) || looks >= atMost ? "stop" : every(state)),
      ),
    consent: (question) => askPerson(at, question),
    say: (name, incident, lines) => sayLines(at, name, incident, lines),
  };
}
