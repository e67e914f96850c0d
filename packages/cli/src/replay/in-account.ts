import type { Resolved } from "@nightshift/config";
import type { NightshiftEvent } from "@nightshift/events";
import { type Ms, seconds } from "@nightshift/model";
import { routeEvent } from "../../../../functions/dispatcher/route.ts";
import type { Io } from "../frame/command.ts";
import type { Account } from "../place/account.ts";
import type { Place } from "../place/place.ts";
import { liveCheckpoints } from "./checkpoints.ts";
import type { Replayed } from "./in-lab.ts";
import { rehearsalOf } from "./rehearsal.ts";
import { rehearse } from "./rehearse.ts";

/** How often the guard looks while it is hot. */
const EVERY = seconds(10);
/** How long a person is kept waiting unasked: a trigger that needs four looks in a row can speak. */
export const WATCH_FOR = seconds(50);

interface InAccount {
  readonly config: Resolved;
  readonly account: Account;
  readonly place: Place;
  readonly io: Io;
  /** How long to look before the answer is "wait". */
  readonly watch: Ms;
}

/** Replays an event against the real account, read only; the ledger, too, where its tables are named. */
export async function replayInAccount(event: NightshiftEvent, { config, account, place, io, watch }: InAccount): Promise<Replayed> {
  const rehearsal = rehearsalOf(account.world);
  const looks = Math.max(1, Math.ceil(watch / EVERY));
  const checkpoints = liveCheckpoints({
    pause: place.patience.pause,
    looks,
    onWait: (name, look) => io.progress(`${name}: look ${look} of at most ${looks}`),
  });
  const rehearsed = await rehearse({ routes: routeEvent(event, config.groups, config.incidents), groups: config.groups, rehearsal, checkpoints });
  io.progress(undefined);
  const ledger = account.world.control === undefined ? "with an empty ledger, because LEDGER_TABLE and AUDIT_TABLE are not set" : "with its ledger";
  return { world: `the real account in ${account.region}, read only, ${ledger}`, ...rehearsed };
}
