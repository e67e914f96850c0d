import type { NightshiftEvent } from "@nightshift/events";
import type { AlarmState, ChangeNote, DeploymentStarted, GuardSettings, ServiceName } from "@nightshift/model";
import { serviceName } from "@nightshift/model";

/** What one event asks for. Every event gets at least one answer; `ignore` says why. */
export type Routed =
  | { readonly kind: "watch"; readonly started: DeploymentStarted }
  | { readonly kind: "alarm"; readonly service: ServiceName; readonly alarm: AlarmState }
  | { readonly kind: "change"; readonly note: ChangeNote }
  | { readonly kind: "ignore"; readonly because: string };

/** Where an event goes, from the event and the config alone. An event only says "look": state is read from the API later. */
export function routeEvent(event: NightshiftEvent, groups: readonly GuardSettings[]): readonly Routed[] {
  switch (event.kind) {
    case "deployment-changed":
      return [routeDeployment(event, groups)];
    case "alarm-changed":
      return routeAlarm(event, groups);
    case "change-noted":
      return [
        guarded(groups, event.note.service) === undefined
          ? ignore(`${event.note.service} is not in nightshift.config.ts`)
          : { kind: "change", note: event.note },
      ];
    case "task-changed":
    case "service-acted":
      return [ignore("a watch reads tasks and service events from the API, every few seconds")];
    case "codedeploy-changed":
    case "snapshot-changed":
    case "instance-changed":
    case "schedule-fired":
      return [ignore("it is read and understood, but no automation acts on it yet")];
  }
}

function routeDeployment(event: Extract<NightshiftEvent, { kind: "deployment-changed" }>, groups: readonly GuardSettings[]): Routed {
  if (event.eventName !== "SERVICE_DEPLOYMENT_IN_PROGRESS") return ignore(`${event.eventName} needs no new watch`);
  const found = guarded(groups, event.service);
  if (found === undefined) return ignore(`${event.service} is not in nightshift.config.ts`);
  if (event.cluster !== undefined && event.cluster !== found.cluster)
    return ignore(`${event.service} runs in ${event.cluster}, the config watches it in ${found.cluster}`);
  return { kind: "watch", started: { group: found.group, service: found.name, deployment: event.deploymentId, at: event.at } };
}

function routeAlarm(event: Extract<NightshiftEvent, { kind: "alarm-changed" }>, groups: readonly GuardSettings[]): readonly Routed[] {
  const alarm: AlarmState = { name: event.name, value: event.value, since: event.since, reason: event.reason };
  const listening = groups
    .flatMap((group) => group.services)
    .filter((service) => service.triggers.some((one) => one.kind === "alarms" && one.names.includes(event.name)));
  if (listening.length === 0) return [ignore(`no service lists the alarm ${event.name} among its triggers`)];
  return listening.map((service) => ({ kind: "alarm", service: service.name, alarm }));
}

const guarded = (groups: readonly GuardSettings[], service: string) =>
  groups.flatMap((group) => group.services).find((one) => one.name === serviceName(service));
const ignore = (because: string): Routed => ({ kind: "ignore", because });
