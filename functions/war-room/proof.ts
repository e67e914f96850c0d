import { type Duty, ROOM } from "@nightshift/decide/incidents/duties";
import type { Entry, Evidenced } from "@nightshift/model";
import type { Done, RoomWorld } from "./settings.ts";

type Telling = Pick<RoomWorld, "clock" | "incidents">;

/** A picture is shown with its words as its title; they are not told by themselves, too. */
const isPicture = ({ stored }: Evidenced): boolean => stored?.type === "image/png";

/** A picture that cannot be shown: then its words are told, and where it is kept. */
export async function tellNotShown(
  world: Telling,
  id: string,
  { evidence, because }: { readonly evidence: Evidenced; readonly because: string },
): Promise<void> {
  const { lines, stored } = evidence;
  const text = `${lines.join("\n")}\nIt could not be shown here (${because.slice(0, 500)}); it is kept as ${stored?.key ?? "nothing"}.`;
  await world.incidents.say(id, line(world, { key: `not-shown/${stored?.key ?? ""}`, kind: "evidence", text, announce: true }));
}

/** Writes the proof of a duty. Pieces come before it: a proof that stands means that all of it stands. */
export async function tellDone(world: Telling, { id, duty, done }: { readonly id: string; readonly duty: Duty; readonly done: Done }): Promise<void> {
  for (const entry of entriesOf(duty, done, world)) await world.incidents.say(id, entry);
}

/** A duty that no retry mends: people should know, once; it is tried again all the same. */
export async function tellFailed(world: Telling, { id, duty, because }: { readonly id: string; readonly duty: Duty; readonly because: string }): Promise<void> {
  const text = `Nightshift could not do this by itself (${duty.key}): ${because.slice(0, 500)}. It tries again; please look after it meanwhile.`;
  await world.incidents.say(id, line(world, { key: `failed/${duty.key}`, kind: "note", text, announce: true }));
}

const line = ({ clock }: Telling, entry: Omit<Entry, "at" | "actor">): Entry => ({ at: clock.now(), actor: ROOM, ...entry });

function entriesOf(duty: Duty, done: Done, world: Telling): readonly Entry[] {
  if (duty.kind === "tell") return [duty.entry];
  const { key } = duty;
  switch (done.kind) {
    case "said":
      return [];
    case "called":
      return [line(world, { key, kind: "paged", text: done.text, announce: done.loud })];
    case "room": {
      const lacks = done.lacks.length === 0 ? "" : ` It lacks: ${done.lacks.join("; ")}.`;
      const text = `This incident has a channel of its own: #${done.name}.${lacks}`;
      return [line(world, { key, kind: "changed", text, announce: true, change: { what: "room", channel: done.channel, name: done.name } })];
    }
    case "furnished": {
      const text = done.lacks === undefined ? "The channel was furnished." : `The channel lacks something: ${done.lacks}`;
      const invited = duty.kind === "furnish" && "invite" in duty.piece ? duty.piece.invite : [];
      const persons = invited.map((person) => line(world, { key: `invited/${person}`, kind: "changed", text: `${person} was asked in.`, announce: false }));
      return [...persons, line(world, { key, kind: "changed", text, announce: false })];
    }
    case "no-room":
      return [line(world, { key, kind: "note", text: `No channel of its own could be made (${done.because}): this thread goes on.`, announce: true })];
    case "evidence": {
      const pieces = done.pieces.map((evidence, n) =>
        line(world, {
          key: `${key}/${n + 1}`,
          kind: "evidence",
          text: evidence.lines.join("\n"),
          announce: !isPicture(evidence),
          change: { what: "evidence", evidence },
        }),
      );
      return [...pieces, line(world, { key, kind: "evidence", text: `Evidence was collected: ${pieces.length} pieces.`, announce: false })];
    }
    case "post-mortem": {
      const text = `The draft of the post-mortem is written: ${done.location}. Please complete it.`;
      return [line(world, { key, kind: "changed", text, announce: true, change: { what: "post-mortem", location: done.location } })];
    }
  }
}
