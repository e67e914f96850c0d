import type { AlarmState, Digest, Entry, EpochMs, GuardSettings, Opening, RevisionRecord, ServiceName, WatchRecord } from "@nightshift/model";
import { sayLength, sayStamp, shortRevision, since } from "@nightshift/model";
import { TAIL } from "./watches.ts";

/** One group between a watch's end and a day later. */
export interface TailFacts {
  readonly at: EpochMs;
  readonly group: string;
  readonly watch: WatchRecord | undefined;
  readonly services: readonly TailService[];
}

/** One service of the group: what is good, whether its images still exist, which alarms ring. */
export interface TailService {
  readonly service: ServiceName;
  readonly good: RevisionRecord | undefined;
  readonly images: readonly { readonly image: string; readonly digest: Digest | undefined; readonly present: boolean | undefined }[];
  readonly alarms: readonly AlarmState[];
}

/** In the tail nothing is ever done by itself (decision 8): a suggestion, a warning, or silence with its reason. */
export interface TailVerdict {
  readonly kind: "leave";
  readonly reason: "suggested" | "warned" | "quiet";
  readonly because: readonly string[];
  readonly incident: (Opening & { readonly standing: "needs-person" }) | undefined;
  readonly lines: readonly Entry[];
}

/** What to say about alarms that ring late, and about a way back that is going away (hazard 8). */
export function decideTail(facts: TailFacts, settings: GuardSettings): TailVerdict {
  const gone = facts.services.flatMap((service) => goneLine(service, facts));
  const rings = ringing(facts, settings);
  if ("because" in rings)
    return gone[0] === undefined
      ? quiet(rings.because)
      : warned(
          gone[0].service,
          gone.map(({ entry }) => entry),
          facts,
        );
  const { service, alarm } = rings;
  const lines = [suggestion(service, { alarm, facts }), ...gone.map(({ entry }) => entry)];
  return {
    kind: "leave",
    reason: "suggested",
    because: lines.map((line) => line.text),
    lines,
    incident: {
      id: `INC-${sayStamp(alarm.since)}-${service.service}`,
      group: facts.group,
      service: service.service,
      severity: "P3",
      title: `${alarm.name} rings after the deployment; nothing is done by itself`,
      openedAt: alarm.since,
      by: "nightshift/sweep",
      standing: "needs-person",
    },
  };
}

type Ringing = { readonly service: TailService; readonly alarm: AlarmState } | { readonly because: string };

/** The first alarm of the group's own triggers that began after the watch had ended. */
function ringing({ watch, services, at, group }: TailFacts, settings: GuardSettings): Ringing {
  if (watch === undefined) return { because: `${group} was never watched` };
  if (watch.state !== "closed") return { because: "the watch is still open and sees alarms itself" };
  if (at >= watch.tailUntil) return { because: `the last deployment of ${group} is more than a day old` };
  const closedAt = watch.tailUntil - TAIL;
  for (const service of services) {
    const names = settings.services
      .filter((one) => one.name === service.service)
      .flatMap((one) => one.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : [])));
    const alarm = [...service.alarms]
      .sort((a, b) => a.since - b.since)
      .find((one) => names.includes(one.name) && one.value === "ALARM" && one.since > closedAt);
    if (alarm !== undefined) return { service, alarm };
  }
  return { because: "no alarm began since the watch ended" };
}

function suggestion({ service, good }: TailService, { alarm, facts }: { alarm: AlarmState; facts: TailFacts }): Entry {
  const age = sayLength(since(facts.watch?.openedAt ?? alarm.since, alarm.since));
  const back = good === undefined ? "no earlier revision is known to be good" : `the last known good is ${shortRevision(good.identity.taskDefinition)}`;
  return entry(`alarm-${alarm.name}-${alarm.since}`, {
    at: alarm.since,
    text: `alarm ${alarm.name} rings ${age} after the last deployment of ${service}: ${alarm.reason}. If it is the deployment: ${back}. So late nothing is rolled back by itself.`,
  });
}

function goneLine({ service, good, images }: TailService, facts: TailFacts): { readonly service: ServiceName; readonly entry: Entry }[] {
  const gone = images.filter((image) => image.present === false);
  if (good === undefined || gone.length === 0) return [];
  const text = `${gone.map(({ image }) => image).join(", ")} of ${shortRevision(good.identity.taskDefinition)}, the last known good of ${service}, is gone from the registry: it could not be rolled back to. Keep such images in the registry's lifecycle policy, or deploy a revision that can stand its watch.`;
  return [{ service, entry: entry(`gone-${good.identity.key}`, { at: facts.at, text }) }];
}

const warned = (service: ServiceName, lines: readonly Entry[], { services, at, group }: TailFacts): TailVerdict => {
  const good = services.find((one) => one.service === service)?.good;
  return {
    kind: "leave",
    reason: "warned",
    because: lines.map((line) => line.text),
    lines,
    // Named after the revision, so that every sweep that sees it missing tells the same incident.
    incident: {
      id: `INC-${sayStamp(good?.gradedAt ?? at)}-${service}-image`,
      // Not the group's own incident: an outage must not be told in it.
      group: `${group}/image`,
      service,
      severity: "P4",
      title: `${service} has lost its way back`,
      openedAt: at,
      by: "nightshift/sweep",
      standing: "needs-person",
    },
  };
};

const quiet = (because: string): TailVerdict => ({ kind: "leave", reason: "quiet", because: [because], incident: undefined, lines: [] });
const entry = (key: string, { at, text }: Pick<Entry, "at" | "text">): Entry => ({ key, at, kind: "note", text, announce: true });
