import { needsOf, planLasts } from "@nightshift/decide/approvals";
import { after, type Approval, type EpochMs, minutes, sayLength, sayStamp, type ScalingUpkeep, since } from "@nightshift/model";
import type { Line } from "@nightshift/runtime";
import type { ScalerFacts } from "./decide-look.ts";
import { beganBy, incidentId } from "./notices.ts";
import type { ScalerStory } from "./remember.ts";

type Asked = NonNullable<ScalingUpkeep["asked"]>;

/** A question to put, and how the ledger keeps it. */
export interface Asking {
  readonly asked: Asked;
  readonly approval: Approval;
  readonly line: Line;
}

/** Who asks, in the row: no person, so that anybody with the role may answer. */
const AUTOMATION = "nightshift/scaler";
const needs = needsOf("scale");
/** How long a question stands. */
const LASTS = planLasts(needs, 2);
/** A queue that grows wants more at every look: a person is not asked anew more often. */
const ASK_AGAIN = minutes(2);

/** What a person is asked at this look, bound to service and target; undefined: nothing, or it is asked already. */
export function askAnew(story: ScalerStory): Asking | undefined {
  const { facts, verdict, ending } = story;
  if (ending !== "told" || facts.worker.mode !== "ask") return undefined;
  const wanted = wantedOf(facts, verdict.verdict);
  if (wanted === undefined) return undefined;
  const { asked } = facts.upkeep;
  if (asked === undefined || isOver(asked, facts.observation.at)) return asking(wanted, story);
  // The row may be missing after a crash: asking again under the same name changes nothing where it stands.
  if (facts.approval === undefined) return asking(asked, story);
  // A no stands for as long as the question would have.
  if (facts.approval.state === "denied") return undefined;
  const more = wanted.way !== asked.way || (wanted.way === "out" ? wanted.to > asked.to : wanted.to < asked.to);
  return more && since(asked.at, facts.observation.at) >= ASK_AGAIN ? asking(wanted, story) : undefined;
}

function wantedOf({ worker, observation: { at, fleet } }: ScalerFacts, { kind, desired, drain }: ScalerStory["verdict"]["verdict"]): Asked | undefined {
  if (!fleet.ok || (kind !== "out" && kind !== "drain")) return undefined;
  const from = fleet.value.desired;
  const to = kind === "out" ? desired : from - drain.length;
  return { plan: `S-${worker.service}-${to}-${sayStamp(at)}`, way: kind, from, to, at };
}

function asking(asked: Asked, story: ScalerStory): Asking {
  const { worker, observation } = story.facts;
  const { because } = story.verdict;
  const { plan, from, to, way, at } = asked;
  const what = `scale ${worker.service} ${way === "out" ? "out" : "in"} from ${from} to ${to} workers`;
  return {
    asked,
    approval: {
      plan,
      planHash: JSON.stringify([worker.service, way, from, to, at]),
      what,
      because: because.join("; "),
      service: worker.service,
      askedAt: at,
      expiresAt: after(at, LASTS),
      state: "pending",
      needs,
      requester: AUTOMATION,
      incident: incidentId(worker, beganBy(story) ?? at),
      given: [],
      by: undefined,
      answeredAt: undefined,
      callbackId: undefined,
    },
    line: {
      key: `asked/${plan}`,
      at: observation.at,
      kind: "asked",
      announce: true,
      text: `May I ${what}? ${because.join("; ")}. Press Approve or Deny, or /ops approve ${plan}. Without an answer in ${sayLength(LASTS)} nothing is changed.`,
    },
  };
}

/** Whether its time to answer, and to act on the answer, is over. */
export const isOver = (asked: Asked, at: EpochMs): boolean => since(asked.at, at) >= LASTS;

/** The line that ends the question that stood: carried out, or over. Undefined: it stands still, or none did. */
export function questionEnded({ facts, ...story }: ScalerStory): Line | undefined {
  const { asked } = facts.upkeep;
  const { at } = facts.observation;
  if (asked === undefined) return undefined;
  const { kind, desired, drain } = story.verdict.verdict;
  if (story.ending === "acted" && story.receipt.kind === "sent" && kind === asked.way) {
    const did =
      kind === "out"
        ? `${facts.worker.service} is set from ${asked.from} to ${desired} workers.`
        : `${drain.length} of ${asked.from} workers take no more work; each goes once it is empty.`;
    return { key: `carried-out/${asked.plan}`, at, kind: "acted", announce: true, text: did };
  }
  if (!isOver(asked, at)) return undefined;
  const line = { at, announce: true } as const;
  switch (facts.approval?.state) {
    case "approved":
      return { ...line, key: `over/${asked.plan}`, kind: "note", text: `${asked.plan} was approved, and was not needed any more: nothing was changed.` };
    case "denied":
      return { ...line, key: `over/${asked.plan}`, kind: "note", text: `${asked.plan} is over: nothing was changed. If it is still needed it is asked anew.` };
    case "pending":
    case undefined:
      return {
        ...line,
        key: `answered/${asked.plan}`,
        kind: "answered",
        text: "Nobody answered in time. Nothing was changed; if it is still needed it is asked anew.",
      };
  }
}
