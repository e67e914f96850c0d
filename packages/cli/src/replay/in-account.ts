import type { Resolved } from "@nightshift/config";
import type { NightshiftEvent } from "@nightshift/events";
import { routeEvent } from "../../../../functions/dispatcher/route.ts";
import type { Io } from "../frame/command.ts";
import type { Account } from "../place/account.ts";
import type { Place } from "../place/place.ts";
import { liveCheckpoints } from "./checkpoints.ts";
import type { Replayed } from "./in-lab.ts";
import { rehearsalOf } from "./rehearsal.ts";
import { rehearse } from "./rehearse.ts";

/** Looks that a person is kept waiting for: a trigger that needs four looks in a row can speak. */
const LOOKS = 5;

/** Replays an event against the real account, read only; the ledger, too, where its tables are named. */
export async function replayInAccount(event: NightshiftEvent, { config, account, place, io }: { readonly config: Resolved; readonly account: Account; readonly place: Place; readonly io: Io }): Promise<Replayed> {
  const rehearsal = rehearsalOf(account.world);
  const checkpoints = liveCheckpoints({
    pause: place.patience.pause,
    looks: LOOKS,
    onWait: (name, looks) => io.progress(`${name}: look ${looks} of at most ${LOOKS}, the next one in 10 s`),
  });
  const rehearsed = await rehearse({ routes: routeEvent(event, config.groups), groups: config.groups, rehearsal, checkpoints });
  io.progress(undefined);
  const ledger = account.world.control === undefined ? "with an empty ledger, because LEDGER_TABLE and AUDIT_TABLE are not set" : "with its ledger";
  return { world: `the real account in ${account.region}, read only, ${ledger}`, ...rehearsed };
}
