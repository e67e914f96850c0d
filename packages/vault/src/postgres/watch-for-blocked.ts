import { type Ms, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type Connect, type Session, textOf, withSession } from "./session.ts";

/** Somebody who waits because of us. */
export interface Blocked {
  readonly pid: number;
  /** What they wait for: `AccessExclusiveLock on shop.orders`. Never their statement. */
  readonly waitsFor: string;
}

/** What to watch, and how. */
export interface WatchAsked {
  readonly connect: Connect;
  /** `application_name` of every session of this run, pg_dump's too. */
  readonly name: string;
  /** Waits between two looks; ends early when the signal is given. */
  readonly pause: (length: Ms, signal: AbortSignal) => Promise<void>;
  /** How long somebody may stand behind us. 3 s by default (facts/backups.md 3.5: behind an ALTER that waits for us, every SELECT queues). */
  readonly atMost?: Ms;
}

/** A watch that goes on until it is stopped. */
export interface BlockWatch {
  /** Given when we must yield; its reason is a {@link MustYield}. */
  readonly signal: AbortSignal;
  readonly stop: () => Promise<void>;
}

/** Why a backup let go of everything. */
export class MustYield extends Error {
  override readonly name = "MustYield";
  readonly blocked: Blocked | undefined;
  constructor(because: string, blocked?: Blocked) {
    super(because);
    this.blocked = blocked;
  }
}

/** Length between two looks. */
const every = seconds(1);

/**
 * Looks each second whether a session of ours stands in somebody's way. Seen in the way of the same session for longer than `atMost`,
 * it gives the signal: the caller kills pg_dump and lets the snapshot go, the migration runs, the backup begins again later.
 * A watch that cannot look any more gives the signal, too: unwatched, a backup could stop the shop.
 */
export function watchForBlocked({ connect, name, pause, atMost = seconds(3) }: WatchAsked): BlockWatch {
  const yields = new AbortController();
  const stopped = new AbortController();
  const watched = withSession(connect, async (session) => {
    const looks = new Map<number, number>();
    while (!stopped.signal.aborted && !yields.signal.aborted) {
      const blocked = await whoWaitsForUs(session, name);
      for (const pid of looks.keys()) if (!blocked.some((each) => each.pid === pid)) looks.delete(pid);
      for (const each of blocked) {
        const seen = (looks.get(each.pid) ?? 0) + 1;
        looks.set(each.pid, seen);
        // The first look sees it after 0 to 1 s: so many looks later it has waited at least that long.
        if (guard("a backup yields to who waits for it", (seen - 1) * every >= atMost)) {
          yields.abort(new MustYield(`session ${each.pid} has waited ${atMost / 1_000} s for ${each.waitsFor}, which this backup holds`, each));
        }
      }
      await pause(every, stopped.signal).catch(() => undefined);
    }
  }).catch((error: unknown) => {
    const because = error instanceof Error ? ` (${error.message})` : "";
    if (!stopped.signal.aborted) yields.abort(new MustYield(`nobody can see any more whether this backup stands in somebody's way${because}`));
  });
  return {
    signal: yields.signal,
    stop: async () => {
      stopped.abort();
      await watched;
    },
  };
}

/** Sessions that wait for a lock and are stopped by one of ours; every role may see both (pg_locks, pg_blocking_pids and names of applications). */
async function whoWaitsForUs(session: Session, name: string): Promise<readonly Blocked[]> {
  const rows = await session.query(
    `select w.pid::text as pid, w.mode || coalesce(' on ' || pg_catalog.format('%I.%I', n.nspname, c.relname), '') as "waitsFor"
     from pg_catalog.pg_locks w left join pg_catalog.pg_class c on c.oid = w.relation left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where not w.granted and exists (select from pg_catalog.pg_stat_activity a
       where a.pid = any (pg_catalog.pg_blocking_pids(w.pid)) and a.application_name = $1)
     and not exists (select from pg_catalog.pg_stat_activity a where a.pid = w.pid and a.application_name = $1)`,
    [name],
  );
  return rows.map((row) => ({ pid: Number(textOf(row, "pid")), waitsFor: textOf(row, "waitsFor") }));
}
