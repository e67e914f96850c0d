import type { NightshiftEvent } from "@nightshift/events";
import { roleOfAlarm, severityOfAlarm, subjectOfAlarm, titleOfAlarm } from "@nightshift/decide/incidents/severity";
import { minuteOf } from "@nightshift/decide/backups/names";
import type {
  BackupDue,
  BackupJob,
  ChangeNote,
  DeploymentStarted,
  EpochMs,
  GuardSettings,
  IncidentPolicy,
  ScalingTick,
  WorkerSettings,
} from "@nightshift/model";
import { mirrorName, readBackupSchedule, serviceName } from "@nightshift/model";
import type { ComingAlarm } from "@nightshift/runtime";

/** What one event asks for. Every event gets at least one answer; `ignore` says why. */
export type Routed =
  | { readonly kind: "watch"; readonly started: DeploymentStarted }
  /** Into the incident of what it is about; without `group`, only into the signals of the services that listen to it. */
  | { readonly kind: "alarm"; readonly alarm: Omit<ComingAlarm, "message"> }
  /** The minute's proof that events reach us. */
  | { readonly kind: "beat"; readonly at: EpochMs }
  | { readonly kind: "change"; readonly note: ChangeNote }
  /** A worker service shall be looked at now. */
  | { readonly kind: "tick"; readonly tick: ScalingTick }
  /** A backup, snapshot or drill is due. */
  | { readonly kind: "backup"; readonly job: BackupJob; readonly due: BackupDue }
  /** AWS Backup restored something, perhaps to be looked at. */
  | { readonly kind: "restored"; readonly job: string; readonly at: EpochMs }
  | { readonly kind: "ignore"; readonly because: string };

/** What the config says of worker services, as far as routing is concerned. */
type RoutedWorker = Pick<WorkerSettings, "service" | "cluster">;

/** What else the config says that routing needs. */
export interface RoutedBesides {
  /** Worker services that are scaled; absent: none. */
  readonly workers?: readonly RoutedWorker[];
  /** Repositories whose mirrors are asked for; absent: none. */
  readonly repositories?: readonly string[];
}

/** What the stop code of a reclaimed Spot task is ("Amazon ECS task state change events", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html, 2026-11-21). */
const SPOT = "SpotInterruption";

/** What reasons are cut to: an incident keeps thousands of them in rows of at most 400 kB. */
const REASON = 300;

/** Where an event goes, from the event and the config alone. An event only says "look": state is read from the API later. */
export function routeEvent(
  event: NightshiftEvent,
  groups: readonly GuardSettings[],
  policy: IncidentPolicy,
  { workers = [], repositories = [] }: RoutedBesides = {},
): readonly Routed[] {
  switch (event.kind) {
    case "deployment-changed":
      return [routeDeployment(event, groups)];
    case "alarm-changed":
      return [routeAlarm(event, groups, policy)];
    case "change-noted":
      if (event.note.kind === "mirror" && repositories.includes(event.note.service)) return [{ kind: "change", note: event.note }];
      return [
        guarded(groups, event.note.service) === undefined
          ? ignore(`${event.note.service} is not in nightshift.config.ts`)
          : { kind: "change", note: event.note },
      ];
    case "mirror-asked":
      return [
        repositories.includes(event.repository)
          ? { kind: "backup", job: "snapshot", due: { of: mirrorName(event.repository), scheduled: minuteOf(event.scheduled), series: "nightly" } }
          : ignore(`${event.repository} is not in nightshift.config.ts`),
      ];
    case "scaling-tick":
      return [routeTick(event.tick, workers)];
    case "task-changed":
      return [routeTask(event, workers)];
    case "service-acted":
      return [ignore("a watch reads tasks and service events from the API, every few seconds")];
    case "codedeploy-changed":
      return [ignore("it is read and understood, but no automation acts on it yet")];
    case "snapshot-changed":
    case "instance-changed":
    case "cluster-changed":
      // Best effort and in any order: whoever waits for a snapshot or an instance looks at it every half minute, and misses no event.
      return [ignore("a backup or drill that waits for it reads it from the API")];
    case "restore-finished":
      return [{ kind: "restored", job: event.job, at: event.at }];
    case "schedule-fired":
      return [event.schedule.endsWith("heartbeat") ? { kind: "beat", at: event.at } : routeSchedule(event)];
  }
}

/** The minute that the schedule meant makes the work's name: a second delivery is the same work. */
function routeSchedule({ schedule, at }: Extract<NightshiftEvent, { kind: "schedule-fired" }>): Routed {
  const known = readBackupSchedule(schedule);
  if (known === undefined) return ignore(`no automation is started by ${schedule}`);
  return { kind: "backup", job: known.job, due: { of: known.of, scheduled: minuteOf(at), series: "nightly" } };
}

/** Only the word that the end is near: the end itself, two minutes later, changes nothing that a look does not see. */
function routeTask(event: Extract<NightshiftEvent, { kind: "task-changed" }>, workers: readonly RoutedWorker[]): Routed {
  const worker = workers.find((one) => one.service === event.service && one.cluster === event.cluster);
  if (event.stop?.code !== SPOT || event.lastStatus === "STOPPED" || worker === undefined)
    return ignore("a watch reads tasks and service events from the API, every few seconds");
  return { kind: "tick", tick: { service: worker.service, due: event.at } };
}

const routeTick = (tick: ScalingTick, workers: readonly RoutedWorker[]): Routed =>
  workers.some((one) => one.service === tick.service) ? { kind: "tick", tick } : ignore(`${tick.service} is no worker service of nightshift.config.ts`);

function routeDeployment(event: Extract<NightshiftEvent, { kind: "deployment-changed" }>, groups: readonly GuardSettings[]): Routed {
  if (event.eventName !== "SERVICE_DEPLOYMENT_IN_PROGRESS") return ignore(`${event.eventName} needs no new watch`);
  const found = guarded(groups, event.service);
  if (found === undefined) return ignore(`${event.service} is not in nightshift.config.ts`);
  if (event.cluster !== undefined && event.cluster !== found.cluster)
    return ignore(`${event.service} runs in ${event.cluster}, the config watches it in ${found.cluster}`);
  return { kind: "watch", started: { group: found.group, service: found.name, deployment: event.deploymentId, at: event.at } };
}

function routeAlarm(event: Extract<NightshiftEvent, { kind: "alarm-changed" }>, groups: readonly GuardSettings[], policy: IncidentPolicy): Routed {
  const listening = groups
    .flatMap((group) => group.services)
    .filter((service) => service.triggers.some((one) => one.kind === "alarms" && one.names.includes(event.name)))
    .map((service) => service.name);
  const subject = subjectOfAlarm(event, policy, groups);
  const { name, value, since: at } = event;
  const reason = event.reason.slice(0, REASON);
  if (!("nobody" in subject)) {
    const move = { name, service: subject.service, value, at, reason, severity: severityOfAlarm(event, policy), role: roleOfAlarm(event, policy, subject) };
    return { kind: "alarm", alarm: { move, group: subject.group, title: titleOfAlarm(event), listening } };
  }
  const [first] = listening;
  if (first === undefined) return ignore(subject.nobody);
  const move = { name, service: first, value, at, reason, severity: severityOfAlarm(event, policy), role: "symptom" as const };
  return { kind: "alarm", alarm: { move, group: undefined, title: titleOfAlarm(event), listening } };
}

const guarded = (groups: readonly GuardSettings[], service: string) =>
  groups.flatMap((group) => group.services).find((one) => one.name === serviceName(service));
const ignore = (because: string): Routed => ({ kind: "ignore", because });
