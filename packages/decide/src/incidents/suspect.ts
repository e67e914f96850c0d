import type { ChangeNote, EpochMs, Ms, Suspect, WatchRecord } from "@nightshift/model";
import { minutes } from "@nightshift/model";

/** What is known of changes near a first sign. */
export interface Changes {
  readonly notes: readonly ChangeNote[];
  readonly watches: readonly WatchRecord[];
}

/** A note of CI and the deployment that it announces are one change when they are so close. */
const SAME_CHANGE = minutes(10);

/** The newest deployment or migration within `within` before the first sign, both ends included; undefined: none is known. */
export function suspectOf({ notes, watches }: Changes, first: EpochMs, within: Ms): Suspect | undefined {
  const near = (at: EpochMs): boolean => at <= first && first - at <= within;
  const noted = notes.filter((note) => near(note.at)).map(fromNote);
  const watched = watches.filter((watch) => near(watch.openedAt)).map((watch) => fromWatch(watch, notes));
  return [...noted, ...watched].sort((a, b) => b.at - a.at || (a.what < b.what ? -1 : 1))[0];
}

/** Two incidents began with one change: the same commit, or the very same deployment. */
export const sameChange = (a: Suspect | undefined, b: Suspect | undefined): boolean =>
  a !== undefined && b !== undefined && (a.commit === undefined ? a.what === b.what && a.at === b.at : a.commit === b.commit);

const fromNote = (note: ChangeNote): Suspect => ({
  what: `${note.kind} of ${note.service}${note.schemaHead === undefined || note.kind !== "migration" ? "" : ` to ${note.schemaHead}`}`,
  at: note.at,
  ...named(note),
});

/** ECS tells no commit; the note that CI sent a moment before does. */
function fromWatch(watch: WatchRecord, notes: readonly ChangeNote[]): Suspect {
  const services = Object.keys(watch.members).sort();
  const note = notes
    .filter((one) => one.kind === "deployment" && services.includes(one.service) && Math.abs(one.at - watch.openedAt) <= SAME_CHANGE)
    .sort((a, b) => b.at - a.at)[0];
  return { what: `deployment of ${services.length === 0 ? watch.group : services.join(", ")}`, at: watch.openedAt, ...(note === undefined ? {} : named(note)) };
}

const named = ({ commit, pullRequest }: ChangeNote): Pick<Suspect, "commit" | "pullRequest"> => ({
  ...(commit === undefined ? {} : { commit }),
  ...(pullRequest === undefined ? {} : { pullRequest }),
});
