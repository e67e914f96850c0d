import { failed, recovered, type Step, spend, UPDATES, updatesOf } from "@nightshift/decide/delivery/index";
import { PortError } from "@nightshift/ports";
import { outcomeOf } from "./outcome.ts";
import { type Case, noteBudget, type Pass, replaceBudget } from "./pass.ts";
import { settle } from "./post.ts";

type Update = Extract<Step, { readonly do: "update" }>;

/** Shows the newest state in a header. Doing it twice is harmless, so a lost answer is simply tried again. */
export async function updateHeader(pass: Pass, one: Case, { row, place, shown }: Update): Promise<void> {
  const { world } = pass;
  const { ts } = row;
  if (ts === undefined) return;
  if (!(await replaceBudget(pass, UPDATES, (budget) => spend(budget, world.clock.now())))) return;
  await noteBudget(pass, updatesOf(one.incident.id), (budget) => spend(budget, world.clock.now()));
  try {
    await world.chat.update({ channel: row.channel, ts, card: one.headers[place].card });
    await settle(pass, one, row, { state: "sent", shown });
    await noteBudget(pass, UPDATES, recovered);
  } catch (error) {
    const outcome = outcomeOf(error);
    const because = error instanceof Error ? error.message : String(error);
    pass.how.log({ level: "warn", message: "a header was not updated", incident: one.incident.id, key: row.key, outcome, because });
    switch (outcome) {
      case "refused":
      case "unknown":
        return noteBudget(pass, UPDATES, (budget) => failed(budget, world.clock.now(), error instanceof PortError ? error.retryAfter : undefined));
      case "deleted":
        // With its timestamp: it stood there, and a person took it away.
        return settle(pass, one, row, { state: "parked", ts });
      case "misshapen":
      case "parked":
        // This message cannot be changed any more (or not to this): the next state is tried again, the thread goes on.
        return settle(pass, one, row, { state: "sent", shown });
    }
  }
}
