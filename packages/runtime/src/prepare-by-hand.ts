import { heldBecause } from "@nightshift/decide/control";
import type { ControlState, GuardSettings, Look, MemberLook, Prepared, PreparedMember, RevisionRecord, ServiceName } from "@nightshift/model";
import { before, hours, shortRevision } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { candidateOf, maybe, prepareWatch, type PreparingWorld } from "./prepare-watch.ts";

/** What a rollback asked for by a person is prepared from. */
export type ByHandWorld = PreparingWorld & Pick<World, "control">;

/** Which service, and where to: the last known good unless a revision is named. */
export interface AskedRollback {
  readonly settings: GuardSettings;
  readonly service: ServiceName;
  readonly to: string | undefined;
  readonly key: string;
}

/** The group as it stands, and the way back; or what is wrong with the revision that was named. */
export type PreparedByHand =
  | { readonly kind: "prepared"; readonly prepared: Prepared; readonly look: Look; readonly control: ControlState }
  | { readonly kind: "refused"; readonly because: string };

/** Alarms that changed so lately are read. */
const ALARMS_SINCE = hours(24);

/** Prepares with the guard's own preparation, and looks once: what is decided about it is pure (`decide/manual-rollback.ts`). */
export async function prepareByHand(world: ByHandWorld, { settings, service, to, key }: AskedRollback): Promise<PreparedByHand> {
  const read = await prepareWatch(world, undefined, { settings, key });
  const asked = read.members.find((one) => one.ref.service === service);
  if (asked === undefined) return { kind: "refused", because: `ECS described nothing for ${service}` };
  const named = to === undefined ? undefined : await namedRevision(world, asked, to);
  if (typeof named === "string") return { kind: "refused", because: named };
  const members = read.members.map((one) => withoutTrouble(named === undefined ? one : one === asked ? named : { ...one, candidate: undefined }));
  const prepared = { ...read, members };
  return { kind: "prepared", prepared, ...(await lookAt(world, prepared, { settings, judged: asked })) };
}

/** An alarm that rings since the deployment is the trouble that the rollback is to end, and not one from before it. */
const withoutTrouble = (member: PreparedMember): PreparedMember => ({
  ...member,
  alarmsAtStart: member.alarmsAtStart.filter((alarm) => alarm.value !== "ALARM" || alarm.since < member.judged.startedAt),
});

/** The service's member with the named revision for its way back; a sentence where there is none of that name. */
async function namedRevision(world: ByHandWorld, member: PreparedMember, to: string): Promise<PreparedMember | string> {
  const { service } = member.ref;
  const known = await world.revisions.list(service);
  const row = known.find((one) => isNamed(one, to));
  if (row === undefined) {
    const names = known.map((one) => `${shortRevision(one.identity.taskDefinition)} (${one.grade})`);
    return `${service} has no revision "${to}" that I know; ${names.length === 0 ? "none is known" : `known: ${names.join(", ")}`}`;
  }
  if (row.identity.key === member.judged.identity.key) return `${shortRevision(row.identity.taskDefinition)} is what ${service} runs already`;
  const candidateBecause = `${shortRevision(row.identity.taskDefinition)} is ${row.grade}: only a revision that is known to be good is put back`;
  return { ...member, candidate: await candidateOf(world, row), candidateBecause };
}

/** `shop-api:42`, or `42`, or the first letters of a commit or of an image digest. */
const isNamed = ({ identity, labels }: RevisionRecord, to: string): boolean => {
  const name = shortRevision(identity.taskDefinition);
  const long = [labels.commit, ...identity.images.flatMap((image) => [image.digest, image.digest?.slice("sha256:".length)])];
  return name === to || name.endsWith(`:${to}`) || (to.length >= 7 && long.some((one) => one?.startsWith(to) === true));
};

async function lookAt(
  world: ByHandWorld,
  prepared: Prepared,
  { settings, judged }: { settings: GuardSettings; judged: PreparedMember },
): Promise<{ readonly look: Look; readonly control: ControlState }> {
  const at = world.clock.now();
  const control = await world.control.read();
  const states = await world.services.describe(prepared.members.map((member) => member.ref));
  const members: MemberLook[] = [];
  for (const member of prepared.members) {
    const { service } = member.ref;
    const state = states.find((one) => one.ref.service === service);
    const { serviceDeployment } = member.judged;
    const deployment = serviceDeployment === undefined ? undefined : await maybe(() => world.services.deployment(serviceDeployment));
    const signals = await world.signals.read(service, before(at, ALARMS_SINCE));
    members.push({
      service,
      state: state === undefined ? { ok: false, because: "ECS did not describe the service" } : { ok: true, value: state },
      deployment: { ok: true, value: deployment },
      alarms: signals.alarms,
      changes: signals.changes,
      ...unread,
    });
  }
  const scopes = [settings.group, ...settings.services.map((one) => one.name)];
  // Only what the person named moves, unless the whole group goes back to a set that was good together.
  const watched = { [judged.ref.service]: judged.judged.deployment };
  return { control, look: { at, members, watchKey: prepared.key, watched, heldBecause: heldBecause(control, scopes, at) } };
}

/** A person has looked at tasks, targets and figures; what blames a deployment is not asked again. */
const unread = {
  stopped: [],
  judgedRunning: 0,
  olderRunning: 0,
  targets: { ok: true, value: [] },
  metrics: { ok: true, value: [] },
  smoke: [],
  tasksKnown: false,
} as const satisfies Partial<MemberLook>;
