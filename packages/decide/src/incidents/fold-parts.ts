import type { Entry, Incident } from "@nightshift/model";

/** What an incident carries along without it changing its course. */
export interface Parts extends Pick<Incident, "announcedAt" | "absorbed" | "roles" | "suspect" | "pages" | "room" | "fields" | "evidence" | "postMortem"> {
  /** Undefined: the opening's. */
  readonly title: string | undefined;
}

/** Before any entry. */
export const emptyParts: Parts = {
  title: undefined,
  announcedAt: undefined,
  absorbed: [],
  roles: {},
  suspect: undefined,
  pages: [],
  room: undefined,
  fields: {},
  evidence: [],
  postMortem: undefined,
};

/** Takes up what one entry brings; the last word counts, the first notice is the first. */
export function keepPart(parts: Parts, { at, change }: Entry): Parts {
  if (change === undefined) return parts;
  switch (change.what) {
    case "announced":
      return { ...parts, announcedAt: parts.announcedAt ?? at };
    case "standing":
      return change.title === undefined ? parts : { ...parts, title: change.title };
    case "title":
      return { ...parts, title: change.to };
    case "role":
      return { ...parts, roles: { ...parts.roles, [change.role]: change.person } };
    case "absorbed":
      return parts.absorbed.includes(change.from) ? parts : { ...parts, absorbed: [...parts.absorbed, change.from] };
    case "paged":
      return { ...parts, pages: [...parts.pages, { tier: change.tier, at, people: change.people, by: change.by }] };
    case "room":
      return { ...parts, room: { channel: change.channel, name: change.name } };
    case "field":
      return { ...parts, fields: { ...parts.fields, [change.field]: change.text } };
    case "evidence":
      return { ...parts, evidence: [...parts.evidence, { ...change.evidence, at }] };
    case "suspect":
      return { ...parts, suspect: change.suspect };
    case "post-mortem":
      return { ...parts, postMortem: { location: change.location, at } };
    case "acked":
    case "unacked":
    case "severity":
    case "mitigating":
    case "monitoring":
    case "resolved":
    case "reopened":
    case "merged":
    case "closed":
      return parts;
  }
}
