import type { Ask, Blame, Breach, EcsDeployment, GuardVerdict, LeaveAlone, LeaveReason, Mode, RollBack, Wait } from "@nightshift/model";
import { sayLength, seconds, shortRevision, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { blameOf, type Case, knownBadWarning } from "./evidence.ts";
import { inProgress, nativeExpected, nativeRollback, sayNative } from "./native.ts";
import { maxLooks, phaseOf } from "./phase.ts";
import { buildPlan } from "./plan.ts";
import { promotion } from "./promotion.ts";
import type { Seen } from "./seen.ts";
import { severityOf } from "./severity.ts";
import { taintedAlarms } from "./triggers/alarms.ts";

/** One question of the decision: a verdict, or undefined to pass the case on. */
export type Gate = (on: Case) => GuardVerdict | Wait | undefined;

/** G0: another execution watches this group now, or nobody does. */
export const fence: Gate = (on) => {
  if (!guard("superseded watch stops", on.look.watchKey !== on.prepared.key)) return undefined;
  if (on.look.watchKey === "") return leave(on, "closed", ["the watch was closed"]);
  return leave(on, "superseded", [`a newer deployment is watched by ${on.look.watchKey}`]);
};

/** The service and its deployment are two reads, and ECS answers up to 10 s late: a newer deployment may show only at the next looks. */
const REPLACEMENT_SHOWS = seconds(30);

/** G1: ECS, or somebody through ECS, is already going back, and nobody else of the group has to follow. */
export const ownership: Gate = (on) => {
  for (const { look, member, service } of on.judged) {
    const native = nativeRollback(look, member.judged);
    // A newer deployment stops the one before it as well: then nobody stopped anything, it was replaced.
    if (guard("yield to a person", native === "stopped" && replacedBy({ look, member }) === undefined)) {
      const at = look.deployment.ok ? look.deployment.value?.finishedAt : undefined;
      if (at !== undefined && since(at, on.look.at) < REPLACEMENT_SHOWS)
        return wait(on, [`the deployment of ${service.name} was stopped a moment ago: looking again for a newer one`]);
      return leave(on, "yield", [`somebody stopped the deployment of ${service.name}`]);
    }
    if (guard("yield to ECS", (native === "running" || native === "done") && on.moving.length === 0)) {
      return leave(on, "yield", [sayNative(service.name, look, native === "done" ? "done" : "running")]);
    }
  }
  return undefined;
};

/** G0: what we judge is no longer the newest (hazard 3). A read that shows an older deployment is merely stale. */
export const notSuperseded: Gate = (on) => {
  for (const { look, member, service } of on.judged) {
    const native = nativeRollback(look, member.judged);
    if (native !== undefined && native !== "stopped") continue;
    const newer = replacedBy({ look, member });
    if (guard("newer deployment at the verdict", newer !== undefined) && newer !== undefined)
      return leave(on, "superseded", [
        `a newer deployment of ${service.name} (${shortRevision(newer.taskDefinition)}) has begun; it is judged by its own watch`,
      ]);
  }
  return undefined;
};

/** The newest deployment where it is younger than the judged one. */
function replacedBy({ look, member }: Pick<Seen, "look" | "member">): EcsDeployment | undefined {
  const primary = look.state.ok ? look.state.value.deployments[0] : undefined;
  if (!look.state.ok || primary === undefined || primary.id === member.judged.deployment) return undefined;
  const judgedSince = look.state.value.deployments.find((row) => row.id === member.judged.deployment)?.createdAt ?? member.judged.startedAt;
  return primary.createdAt > judgedSince ? primary : undefined;
}

/** Nothing is wrong: look again, or end the watch. */
export const quiet: Gate = (on) => {
  if (on.evidence.length > 0) return undefined;
  const over = on.judged.every(({ memory, now, service }) => phaseOf(memory, now, service.windows) === "over");
  return over || on.memory.looks >= maxLooks(on.settings) ? finish(on) : wait(on, sayWatching(on));
};

function finish(on: Case): LeaveAlone {
  if (guard("blindness is no pass", on.memory.blindLooks > 0))
    return leave(on, "nothing-to-judge", [`AWS did not answer ${on.memory.blindLooks} looks in a row at the end: nothing can be said about the deployment`]);
  const special = unsupportedBecause(on);
  if (special !== undefined) return leave(on, "unsupported", [special]);
  const idle = on.judged.filter(({ memory }) => memory.exposedAt === undefined);
  if (guard("no traffic is no pass", idle.length === on.judged.length))
    return leave(
      on,
      "nothing-to-judge",
      idle.map(({ service }) => `${service.name} never took traffic while it was watched`),
    );
  return leave(
    on,
    "passed",
    promotion(on.prepared, on.memory, on.settings)
      .members.filter(({ service }) => on.judged.some((one) => one.service.name === service))
      .map(({ service, grade, because }) => `${service} is ${grade}: ${because}`),
  );
}

/** Decision 7: services whose deployments work otherwise are watched and explained, never acted on. */
export const unsupported: Gate = (on) => {
  const because = unsupportedBecause(on);
  return because === undefined || !guard("unsupported deployments") ? undefined : leave(on, "unsupported", [because]);
};

function unsupportedBecause(on: Case): string | undefined {
  for (const { look, service } of on.seen) {
    if (!look.state.ok) continue;
    const { controller, strategy } = look.state.value;
    if (controller !== "ECS")
      return `deployments of ${service.name} belong to the ${controller} controller: Nightshift watches and explains them, and leaves rolling back to it`;
    if (strategy !== "ROLLING")
      return `${service.name} is deployed ${strategy.toLowerCase().replace("_", "/")}: Nightshift watches and explains it, and leaves rolling back to ECS or a person`;
  }
  return undefined;
}

/** G0: a person said to stop (decision 1). */
export const notHeld: Gate = (on) =>
  on.look.heldBecause === undefined || !guard("hold at the verdict")
    ? undefined
    : leave(on, "held", [`nothing is done by itself: ${on.look.heldBecause}`], "the hold being released (`nightshift release`)");

/** G1: ECS may be about to roll back for this very sign; it gets its grace first (hazard 4). */
export const nativeGrace: Gate = (on) => {
  for (const one of on.judged) {
    const breaches = on.evidence.filter(({ seen, standing }) => seen === one && !standing).map(({ breach }) => breach);
    const { awaitingNativeSince } = one.memory;
    if (awaitingNativeSince === undefined || !nativeExpected(one, breaches)) continue;
    const waited = since(awaitingNativeSince, one.now);
    if (guard("native grace", waited < one.service.nativeGrace))
      return wait(on, [
        `ECS may roll ${one.service.name} back by itself for this: waiting ${sayLength(one.service.nativeGrace)} for it, ${sayLength(waited)} so far`,
      ]);
  }
  return undefined;
};

/** A minute's figures are whole after 60 s and published within half a minute more (`facts/reliability.md` 1.1). */
const FIGURES_FOLLOW = seconds(90);

/** G3: an alarm that has just rung is not judged alone where the service has figures of its own that will tell in a moment. */
export const figuresFollow: Gate = (on) => {
  const alone = on.evidence.every(({ breach, standing, seen }) => !standing && breach.trigger === "alarms" && seen.service.traffic !== undefined);
  const newest = on.evidence.find(({ breach, seen }) => since(breach.since, seen.now) < FIGURES_FOLLOW);
  return alone && newest !== undefined && blameOf(on)?.blame.verdict !== "deployment"
    ? wait(on, [`${newest.breach.says}; its own figures are awaited for ${sayLength(FIGURES_FOLLOW)}`])
    : undefined;
};

/** G4: when the cause lies elsewhere, going back would not help. Hard evidence is overruled only by a sign that settles it. */
export const notElsewhere: Gate = (on) => {
  const blamed = blameOf(on);
  if (blamed === undefined) return undefined;
  const hard = on.evidence.some(({ breach }) => breach.strength === "hard");
  if (!guard("trouble elsewhere", hard ? blamed.shared : blamed.blame.verdict === "elsewhere")) return undefined;
  const signs = blamed.blame.signs.filter((sign) => sign.points === "elsewhere").map((sign) => sign.says);
  return leave(on, "not-deploy", [...figures(on), ...signs], `${on.evidence[0]?.breach.service ?? "the service"} still failing once that is over`);
};

/** An ending without action; severity from what breached. */
export function leave(on: Case, reason: LeaveReason, because: readonly string[], otherwise?: string): LeaveAlone {
  const breaches = breachesIn(on);
  return { kind: "leave", reason, because: [...because, ...warningsOf(on)], breaches, blame: blameOf(on)?.blame, severity: severityOf(breaches), otherwise };
}

/** Look again. */
export const wait = (on: Case, because: readonly string[]): Wait => ({
  kind: "wait",
  because: [...because, ...warningsOf(on)],
  suspicious:
    on.evidence.length > 0 || on.seen.some(({ memory }) => memory.unhealthyLooks > 0 || Object.values(memory.smokeFailures).some((inARow) => inARow > 0)),
});

/** A person decides; without a plan, because none is safe to offer. */
export const askWithout = (on: Case, because: readonly string[]): Ask => ({
  ...explained(on, [...figures(on), ...because]),
  kind: "ask",
  plan: undefined,
  otherwise: undefined,
});

/** A person decides on a prepared plan. */
export const askWith = (on: Case, because: readonly string[], otherwise?: string): Ask => ({
  ...explained(on, [...figures(on), ...because]),
  kind: "ask",
  plan: buildPlan(on.prepared, on.moving),
  otherwise,
});

/** The rollback, by itself or only told. */
export const rollBack = (on: Case, mode: Exclude<Mode, "ask">, because: readonly string[]): RollBack => ({
  ...explained(on, [...figures(on), ...because]),
  kind: "roll-back",
  plan: buildPlan(on.prepared, on.moving),
  consent: mode === "auto" ? "given" : "shadow",
  otherwise: undefined,
});

function explained(
  on: Case,
  because: readonly string[],
): { because: readonly string[]; breaches: readonly Breach[]; blame: Blame | undefined; severity: RollBack["severity"] } {
  const breaches = breachesIn(on);
  return { because: [...because, ...warningsOf(on)], breaches, blame: blameOf(on)?.blame, severity: severityOf(breaches) };
}

const breachesIn = ({ evidence }: Case): readonly Breach[] => evidence.map(({ breach }) => breach);
const figures = (on: Case): readonly string[] => breachesIn(on).map((breach) => `${breach.service}: ${breach.says}`);

/** What makes the watch less than it should be; said with every verdict. */
export function warningsOf(on: Pick<Case, "seen">): readonly string[] {
  return on.seen.flatMap((one) => {
    const known = knownBadWarning(one);
    const tainted = taintedAlarms(one).map((alarm) => alarm.name);
    return [
      ...(known === undefined ? [] : [known]),
      ...(tainted.length === 0 ? [] : [`partly blind: ${tainted.join(", ")} rang before the deployment and is left out`]),
    ];
  });
}

const sayWatching = (on: Case): readonly string[] =>
  on.judged.map(({ memory, now, service, member, look }) => {
    const name = `${service.name} ${shortRevision(member.judged.identity.taskDefinition)}`;
    if (memory.exposedAt === undefined) return `${name} has not taken traffic yet`;
    return `${name} took traffic ${sayLength(since(memory.exposedAt, now))} ago (${phaseOf(memory, now, service.windows)}${inProgress(look) ? ", still being deployed" : ""}); nothing wrong so far`;
  });
