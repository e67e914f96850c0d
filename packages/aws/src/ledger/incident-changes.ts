import { type Change, epochMs, type Evidenced, type PageMeans, type Severity } from "@nightshift/model";
import type { Fields } from "./read.ts";

const severities = ["P1", "P2", "P3", "P4"] as const;
const means = ["slack-mention", "slack-dm", "sns"] as const satisfies readonly PageMeans[];

/** What an entry does, field by field. @throws {PortError} `invalid` for a change that this release does not know: half an incident would be a wrong one. */
export function changeFrom(fields: Fields): Change {
  const what = fields.oneOf("what", words);
  switch (what) {
    case "standing":
      return standingFrom(fields);
    case "severity":
      return { what, to: fields.oneOf("to", severities), by: fields.oneOf("by", ["rule", "person"]) };
    case "role":
      return { what, role: fields.oneOf("role", ["ic", "ops", "comms"]), person: fields.text("person") };
    case "resolved":
      return { what, how: fields.oneOf("how", ["alarms", "automation", "person"]) };
    case "paged":
      return { what, tier: fields.number("tier"), by: fields.texts("by").filter(isMeans), people: fields.texts("people") };
    case "room":
      return { what, channel: fields.text("channel"), name: fields.text("name") };
    case "field":
      return { what, field: fields.oneOf("field", templateFields), text: fields.text("text") };
    case "evidence":
      return { what, evidence: evidenceFrom(fields.object("evidence")) };
    case "suspect":
      return { what, suspect: suspectFrom(fields.object("suspect")) };
    default:
      return smallFrom(what, fields);
  }
}

const templateFields = ["impact", "rootCause", "resolution", "prevention", "wentWell", "wentBadly", "actionItems"] as const;
const words = [
  "standing",
  "announced",
  "acked",
  "unacked",
  "severity",
  "title",
  "role",
  "mitigating",
  "monitoring",
  "resolved",
  "reopened",
  "merged",
  "absorbed",
  "closed",
  "paged",
  "room",
  "field",
  "evidence",
  "suspect",
  "post-mortem",
] as const satisfies readonly Change["what"][];
type Small = Exclude<Change["what"], "standing" | "severity" | "role" | "resolved" | "paged" | "room" | "field" | "evidence" | "suspect">;

/** Changes of one text at most. */
function smallFrom(what: Small, fields: Fields): Change {
  switch (what) {
    case "announced":
    case "unacked":
    case "mitigating":
    case "monitoring":
    case "reopened":
    case "closed":
      return { what };
    case "acked":
      return { what, by: fields.text("by") };
    case "title":
      return { what, to: fields.text("to") };
    case "merged":
      return { what, into: fields.text("into") };
    case "absorbed":
      return { what, from: fields.text("from") };
    case "post-mortem":
      return { what, location: fields.text("location") };
  }
}

function standingFrom(fields: Fields): Change {
  const severity: Severity | undefined = fields.raw["severity"] === undefined ? undefined : fields.oneOf("severity", severities);
  const title = fields.textIfAny("title");
  return {
    what: "standing",
    automation: fields.text("automation"),
    standing: fields.oneOf("standing", ["working", "done", "needs-person", "resolved"]),
    ...(severity === undefined ? {} : { severity }),
    ...(title === undefined ? {} : { title }),
  };
}

function evidenceFrom(fields: Fields): Evidenced {
  const stored = fields.raw["stored"] === undefined ? undefined : fields.object("stored");
  return {
    kind: fields.oneOf("kind", ["chart", "logs", "stopped-tasks", "deployments", "diagnosis", "service-events"]),
    lines: fields.texts("lines"),
    ...(stored === undefined
      ? {}
      : {
          stored: { key: stored.text("key"), sha256: stored.text("sha256"), type: stored.oneOf("type", ["image/png", "text/plain", "application/json"]) },
        }),
  };
}

function suspectFrom(fields: Fields) {
  const commit = fields.textIfAny("commit");
  const pullRequest = fields.textIfAny("pullRequest");
  return {
    what: fields.text("what"),
    at: epochMs(fields.number("at")),
    ...(commit === undefined ? {} : { commit }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

const isMeans = (word: string): word is PageMeans => means.some((one) => one === word);
