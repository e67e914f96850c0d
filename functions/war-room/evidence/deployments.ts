import {
  type Evidenced,
  type Identity,
  type RevisionLabels,
  sayClock,
  sayDate,
  type ServiceDeployment,
  type ServiceRevision,
  shortDigest,
  shortRevision,
} from "@nightshift/model";
import type { Gathering } from "./gather.ts";

/** Deployments told of; older ones are in the record of ECS. */
const MOST = 3;

/** The last deployments of the service, newest first, each with what it changed against the one before: bytes, settings, names of environment variables (never values), commit and pull request where CI sent them. */
export async function recentDeployments({ world, service }: Gathering): Promise<Evidenced | undefined> {
  const ref = { cluster: service.cluster, service: service.name };
  const deployments = (await world.services.recentDeployments(ref)).slice(0, MOST);
  if (deployments.length === 0) return { kind: "deployments", lines: [`${service.name} has not been deployed as long as ECS remembers`] };
  const arns = [...new Set(deployments.flatMap((one) => [one.target, ...one.source.slice(0, 1)]))];
  const revisions = await world.services.revisions(arns);
  const known = await world.revisions.list(service.name);
  const lines: string[] = [];
  for (const deployment of deployments) {
    const to = revisions.find((one) => one.arn === deployment.target);
    const from = revisions.find((one) => one.arn === deployment.source[0]);
    if (to !== undefined)
      lines.push(
        await lineOf({ world }, { deployment, to, from, labels: { ...to.labels, ...known.find((row) => row.identity.key === to.identity.key)?.labels } }),
      );
  }
  return { kind: "deployments", lines };
}

interface Told {
  readonly deployment: ServiceDeployment;
  readonly to: ServiceRevision;
  readonly from: ServiceRevision | undefined;
  readonly labels: RevisionLabels;
}

async function lineOf({ world }: Pick<Gathering, "world">, { deployment, to, from, labels }: Told): Promise<string> {
  const who = [
    labels.commit === undefined ? "" : `commit ${labels.commit.slice(0, 7)}`,
    labels.pullRequest === undefined ? "" : `#${labels.pullRequest.replace(/^#/, "")}`,
  ].filter((one) => one !== "");
  const name = `${shortRevision(to.identity.taskDefinition)}${who.length === 0 ? "" : ` (${who.join(", ")})`}`;
  const when = `${sayDate(deployment.createdAt)} ${sayClock(deployment.createdAt)}`;
  const changed =
    from === undefined
      ? "nothing to compare with"
      : [...imagesOf(from.identity, to.identity), ...(await environmentOf({ world }, from, to)), ...settingsOf(from, to)].join("; ") ||
        "the same bytes and settings";
  return `${when}  ${name} ${deployment.status.toLowerCase().replaceAll("_", " ")}: ${changed}`;
}

const imagesOf = (from: Identity, to: Identity): readonly string[] =>
  to.images.flatMap(({ container, image, digest }) => {
    const before = from.images.find((one) => one.container === container);
    if (before === undefined) return [`new container ${container}`];
    if (before.digest === digest && before.digest !== undefined) return [];
    if (before.digest === undefined || digest === undefined) return before.image === image ? [] : [`image of ${container}: ${before.image} → ${image}`];
    return [`image of ${container}: ${shortDigest(before.digest)} → ${shortDigest(digest)}`];
  });

/** Names only: a value may be a secret. */
async function environmentOf({ world }: Pick<Gathering, "world">, from: ServiceRevision, to: ServiceRevision): Promise<readonly string[]> {
  if (from.identity.taskDefinition === to.identity.taskDefinition) return [];
  const [before, now] = await Promise.all([from, to].map((one) => world.taskDefinitions.describe(one.identity.taskDefinition)));
  const was = before?.environment ?? {};
  const is = now?.environment ?? {};
  const added = Object.keys(is).filter((name) => was[name] === undefined);
  const removed = Object.keys(was).filter((name) => is[name] === undefined);
  const changed = Object.keys(is).filter((name) => was[name] !== undefined && was[name] !== is[name]);
  const say = (verb: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${verb} ${names.toSorted().slice(0, 10).join(", ")}${names.length > 10 ? ` and ${names.length - 10} more` : ""}`];
  return [...say("environment added", added), ...say("environment removed", removed), ...say("environment changed", changed)];
}

const settingsOf = (from: ServiceRevision, to: ServiceRevision): readonly string[] =>
  from.identity.configHash === to.identity.configHash ? [] : ["service settings"];
