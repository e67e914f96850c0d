import type { Mode } from "@nightshift/model";
import { shortRevision } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { blameOf, type Case, putBackByEcs } from "./evidence.ts";
import { askWith, askWithout, type Gate, rollBack, wait } from "./gates.ts";
import { strictestMode } from "./mode.ts";
import { type Moving, sameBytesAgain, stoppable } from "./plan.ts";
import { schemaFits } from "./schema.ts";
import { severityOf } from "./severity.ts";

/** G5: without fresh figures of what ECS does, no plan can be made; look again. */
export const canSee: Gate = (on) => {
  const unread = on.moving.find(({ seen }) => !seen.look.state.ok || !seen.look.deployment.ok);
  if (unread === undefined || !guard("unread service is not acted on")) return undefined;
  const { state, deployment } = unread.seen.look;
  return wait(on, [`${unread.seen.service.name} cannot be read: ${!state.ok ? state.because : !deployment.ok ? deployment.because : ""}`]);
};

/** G5: there must be somewhere to go, and going there must change something (hazards 7, 21, 26). */
export const hasWayBack: Gate = (on) => {
  const lost = on.judged.find((seen) => seen.member.candidate === undefined && !sameBytesAgain(seen.member) && !putBackByEcs(seen));
  if (lost !== undefined && guard("somewhere to go")) return askWithout(on, [`no way back for ${lost.service.name}: ${lost.member.candidateBecause}`]);
  if (!guard("rollback that changes nothing", on.moving.length === 0)) return undefined;
  const same = on.judged[0]?.member.judged.identity.taskDefinition;
  return askWithout(on, [
    `a rollback would change nothing: ${same === undefined ? "the service" : shortRevision(same)} runs the very bytes and settings that were good before`,
  ]);
};

/** G5: what we would go back to must still be there, and deployable as exactly what it was (hazards 5–8). */
export const deployable: Gate = (on) => {
  for (const move of on.moving) {
    const { service, member } = move.seen;
    const { record, imagePresent, deployable: ready } = move.candidate;
    const name = shortRevision(record.identity.taskDefinition);
    if (guard("image is there", imagePresent === false))
      return askWithout(on, [`the image of ${name} is gone from the registry: ${service.name} cannot go back to it`]);
    const stops = stoppable(move);
    if (guard("only good is gone back to", record.grade !== "good" && !stops)) return askWithout(on, [member.candidateBecause]);
    if (guard("bytes are known", !stops && ready === undefined && record.identity.images.some((image) => image.digest === undefined)))
      return askWithout(on, [`nobody knows which bytes ${name} ran: its tag may have moved since`]);
    if (guard("settings are the same", !stops && record.identity.configHash !== member.judged.identity.configHash)) return changedConfig(on, move);
  }
  return undefined;
};

/** A task definition carries no network, load balancer or capacity settings (`facts/rollback.md` 2.1): only ECS's own rollback restores those. */
function changedConfig(on: Case, { seen, candidate }: Moving): ReturnType<Gate> {
  const { judged } = seen.member;
  const says = `the service settings of ${seen.service.name} (network, load balancer, capacity or platform) changed as well, and a task definition does not carry them`;
  const bytes = (images: typeof judged.identity.images) => images.map((image) => image.digest).join();
  const only =
    judged.identity.taskDefinitionHash === candidate.record.identity.taskDefinitionHash &&
    bytes(judged.identity.images) === bytes(candidate.record.identity.images);
  return only ? askWithout(on, [`${says}: put them back by hand`]) : askWith(on, [says]);
}

/** G5: old code must meet a schema it knows (hazard 9); nothing here ever runs a migration. */
export const schemaAllows: Gate = (on) => {
  for (const { seen, candidate } of on.moving) {
    const { service, member, look } = seen;
    const judged = member.known.find((row) => row.identity.key === member.judged.identity.key)?.labels;
    const verdict = schemaFits(candidate.record, [...member.migrations, ...look.changes], { policy: service.schema, judged });
    if (guard("schema fits", !verdict.fits))
      return askWith(
        on,
        [`${service.name} back to ${shortRevision(candidate.record.identity.taskDefinition)}: ${verdict.because}`],
        "a word that the old code works with the live schema",
      );
  }
  return undefined;
};

/** G6: as far as the mode lets us, the rollback; a person where the blame is not clear. */
export const consent = (on: Case): Exclude<ReturnType<Gate>, undefined> => {
  const mode = strictestMode(on.moving.map(({ seen }) => seen.service));
  const hard = on.evidence.some(({ breach }) => breach.strength === "hard");
  const blamed = blameOf(on);
  if (hard) return act(on, mode, ["hard evidence: it needs no further blame"]);
  const late = on.evidence.every(({ phase }) => phase === "long");
  if (guard("late watch asks", late))
    return askWith(
      on,
      ["more than half an hour after exposure only hard evidence acts by itself"],
      "tasks that crash, targets that stay unhealthy or smoke tests that fail",
    );
  if (blamed?.blame.verdict === "deployment")
    return act(on, mode, [...blamed.blame.signs.filter((sign) => sign.points === "deployment").map((sign) => sign.says), "it is the deployment"]);
  if (outage(on) && blamed?.dependencyInTrouble !== true && cheap(on))
    return act(on, mode, ["nearly nothing works, the cause is not clear, and going back is quick and can be undone: it is tried"]);
  return askWith(
    on,
    [...(blamed?.blame.signs.map((sign) => sign.says) ?? []), "the signs do not settle whether the deployment is to blame"],
    "a clear sign: errors that follow the new revision, or a dependency that moved first",
  );
};

function act(on: Case, mode: Mode, because: readonly string[]): Exclude<ReturnType<Gate>, undefined> {
  return mode === "ask" ? askWith(on, because) : rollBack(on, mode, because);
}

const outage = (on: Case): boolean => severityOf(on.evidence.map(({ breach }) => breach)) === "P1";

/** Quick and reversible: old tasks still warm or a pinned copy ready, images there, no migration in between. */
const cheap = (on: Case): boolean =>
  on.moving.every((move) => {
    const { record, imagePresent, deployable: ready } = move.candidate;
    const notes = [...move.seen.member.migrations, ...move.seen.look.changes];
    return imagePresent === true && (stoppable(move) || ready !== undefined) && !notes.some((note) => note.kind === "migration" && note.at > record.firstSeen);
  });
