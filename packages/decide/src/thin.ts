import type { Look, MemberLook, TargetFacts } from "@nightshift/model";

/** Points kept of each series: the 30 min a look reads, fewer in a large group, never fewer than the widest judgement. */
const POINTS = 33;
const POINTS_IN_ALL = 800;
const FEWEST_POINTS = 16;
const LISTED = 40;
const TEXT = 120;

/** The look as it is kept in the checkpoint: all that is judged, nothing that only grows. A group of eight stays below 100 kB. */
export function thinLook(look: Look): Look {
  const series = look.members.reduce((count, member) => count + (member.metrics.ok ? member.metrics.value.length : 0), 0);
  const points = Math.min(POINTS, Math.max(FEWEST_POINTS, Math.floor(POINTS_IN_ALL / Math.max(1, series))));
  const listed = Math.max(8, Math.floor(LISTED / Math.max(1, look.members.length)));
  return { ...look, members: look.members.map((member) => thinMember(member, points, listed)) };
}

function thinMember(member: MemberLook, points: number, listed: number): MemberLook {
  return {
    ...member,
    // Remembered crash by crash; keeping the list as well would hold everything twice.
    stopped: [],
    changes: member.changes.slice(-8),
    alarms: [...member.alarms]
      .sort((a, b) => b.since - a.since)
      .slice(0, listed)
      .map((alarm) => ({ ...alarm, reason: alarm.reason.slice(0, TEXT) })),
    smoke: member.smoke.slice(0, listed).map((result) => ({ ...result, because: result.because.slice(0, TEXT) })),
    metrics: member.metrics.ok
      ? { ok: true, value: member.metrics.value.map((series) => ({ ...series, points: series.points.slice(-points) })) }
      : member.metrics,
    // The unhealthy and the judged first: they decide.
    targets: member.targets.ok ? { ok: true, value: [...member.targets.value].sort((a, b) => weight(b) - weight(a)).slice(0, 2 * listed) } : member.targets,
    state: member.state.ok
      ? { ok: true, value: { ...member.state.value, deployments: member.state.value.deployments.slice(0, 5), currentRevisions: [] } }
      : member.state,
    deployment: member.deployment,
  };
}

const weight = (target: TargetFacts & { readonly judged: boolean }): number => 2 * Number(target.state === "unhealthy") + Number(target.judged);
