import { type EpochMs, type RevisionRecord, sayLength, shortRevision, since } from "@nightshift/model";
import { answered, type Carry, card, refused, serviceNamed } from "../verb.ts";

/** Revisions that the answer shows. */
const SHOWN = 10;

/** Lists a service's revisions, newest first, and how each one did. */
export const deploys: Carry<"deploys"> = async ({ service }, { world, groups, now }) => {
  const found = serviceNamed(groups, service);
  if (found === undefined) return refused(`${service} is not in the config.`);
  const rows = (await world.revisions.list(found.service.name)).slice(0, SHOWN);
  const [state] = await world.services.describe([{ cluster: found.service.cluster, service: found.service.name }]);
  const lines = rows.map((row) => sayRow(row, now));
  const runs = state === undefined ? "" : ` It runs ${shortRevision(state.taskDefinition)}.`;
  return answered(card(rows.length === 0 ? `No deployment of ${service} was seen yet.${runs}` : `${service}, newest first.${runs}`, lines));
};

const sayRow = ({ identity, grade, provisional, because, firstSeen, labels }: RevisionRecord, now: EpochMs): string => {
  const commit =
    labels.commit === undefined
      ? ""
      : ` (commit ${labels.commit.slice(0, 7)}${labels.pullRequest === undefined ? "" : `, #${labels.pullRequest.replace(/^#/, "")}`})`;
  return `${shortRevision(identity.taskDefinition)}${commit}: ${provisional ? "provisionally good" : grade}, first seen ${sayLength(since(firstSeen, now))} ago; ${because}`;
};
