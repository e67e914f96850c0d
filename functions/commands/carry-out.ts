import { authorise, holds, type Person } from "@nightshift/decide/commands/authorise";
import { roleFor } from "@nightshift/decide/commands/verbs";
import type { Approval, Card, Command, Flags, Incident, Role, SlackRequest } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { readIncident } from "@nightshift/runtime/incidents";
import { dryRunCard } from "./dry-run.ts";
import { type Around, incidentMeant, incidentOfService, isAboutIncident, readIfReadable } from "./incident.ts";
import { card, type Desk, type On, type Prepared, scopeOf, serviceNamed } from "./verb.ts";
import { planMeant } from "./plan-meant.ts";
import { incidentsTold, tellsOf } from "./told-there.ts";
import { prepare } from "./verbs/index.ts";

/** What a request came to: the card for the person, and a word for the log. */
export interface CarriedOut {
  readonly shown: Card;
  readonly did: string;
}

interface ToCarryOut {
  readonly request: SlackRequest;
  readonly person: Person;
  readonly command: Command;
  readonly flags: Flags;
  /** The incident that a button names beside its plan. */
  readonly claims: string | undefined;
  readonly around: Around;
}

/** Which incident, may they, what would it be, do it, write it down. */
export async function carryOut(desk: Desk, asked: ToCarryOut): Promise<CarriedOut> {
  const { request, person, command, flags, around } = asked;
  const meant = await incidentMeant(desk.world, { command, request, around });
  if (meant.kind === "unclear") return { shown: card(meant.because), did: "unclear" };
  const here = meant.kind === "incident" ? meant.incident : undefined;
  const plan = isWord(command) ? await planMeant(desk.world, { named: command.plan, here, at: request.at }) : undefined;
  const because = flags.reason;
  const doing = { by: person.name, at: request.at, actor: `slack/${request.asker.user} ${person.name}`, ...(because === undefined ? {} : { because }) };
  const on: On = {
    ...desk,
    request,
    flags,
    person,
    doing,
    now: desk.world.clock.now(),
    incident:
      meant.kind === "incident"
        ? theirs(meant.incident, asked, desk)
        : command.verb === "rollback"
          ? await incidentOfService(desk, command.service)
          : undefined,
    plan,
  };
  for (const scope of await scopesOfCommand(on, command)) {
    const permission = authorise(person, { role: roleOf(command, plan), scope }, desk.policy);
    if (permission.kind === "allowed") continue;
    await record(on, command, { ended: "denied", because: permission.because, missing: permission.missing });
    return { shown: card(permission.because), did: "denied" };
  }
  const wrong = await wrongIncident(on, asked.claims);
  if (wrong !== undefined) {
    await record(on, command, { ended: "refused", because: wrong });
    return { shown: card(wrong), did: "refused" };
  }
  const there = incidentsTold(on, command, around.recent).filter((one) => theirs(one, asked, desk) !== undefined);
  return act({ on, command, there }, await prepare(command, on));
}

/** What is not about the incident that it was said in leaves a line there only of somebody who runs incidents there. */
const theirs = (incident: Incident, { command, person }: ToCarryOut, { groups }: Desk): Incident | undefined =>
  isAboutIncident(command) || holds(person, { role: roleFor("note"), scope: scopeOf(groups, incident.service) }) ? incident : undefined;

const isWord = (command: Command): command is Extract<Command, { verb: "approve" | "deny" }> => command.verb === "approve" || command.verb === "deny";

/** The verb's role; for a word on a plan the one that the plan asks for. */
const roleOf = (command: Command, plan: Approval | undefined): Role => plan?.needs.role ?? roleFor(command.verb);

interface Acting {
  readonly on: On;
  readonly command: Command;
  /** Incidents whose threads get the line. */
  readonly there: readonly Incident[];
}

async function act({ on, command, there }: Acting, prepared: Prepared): Promise<CarriedOut> {
  switch (prepared.kind) {
    case "answer":
      return { shown: prepared.card, did: "answered" };
    case "refused":
      return { shown: card(prepared.because), did: "refused" };
    case "ready": {
      if (on.flags.dryRun && guard("dry run changes nothing")) return { shown: dryRunCard({ ...prepared, tells: tellsOf(prepared, there) }), did: "dry run" };
      // Asked before it is done (invariant 15); what was done stands on the incident, the audit and the service's own chain.
      await record(on, command, { ended: "begun" });
      const done = await prepared.act();
      if (prepared.line !== undefined && done.changed) for (const { id } of there) await say(on, id, prepared.line);
      return { shown: done.card, did: done.changed ? "done" : "changed nothing" };
    }
  }
}

const say = ({ world, request, doing }: On, id: string, text: string) =>
  world.incidents.say(id, { key: `command/${request.key}`, at: request.at, kind: "note", text, announce: true, actor: doing.actor });

/** The whole command, who gave it and why: in the chain of its service, or of the controls. */
const record = (on: On, command: Command, how: { readonly ended: string; readonly because?: string; readonly missing?: string }) =>
  on.world.audit.append({
    chain: ("service" in command ? command.service : "database" in command ? command.database : undefined) ?? "control",
    key: `command/${on.request.key}/${how.ended}`,
    at: on.request.at,
    kind: "command",
    actor: on.doing.actor,
    body: { does: command.verb, command: JSON.stringify(command), reason: on.flags.reason ?? null, incident: on.incident?.id ?? null, ...how },
  });

/**
 * Where the role must be held, each of them: in the service or scope that is named, that of the plan or of the silence; for what is about
 * an incident, where the incident is, and for a merge where both are. Empty: everywhere. Where it was said gives nobody a right.
 */
async function scopesOfCommand(on: On, command: Command): Promise<readonly (readonly string[])[]> {
  const of = (name: string) => (name === "all" ? [] : scopeOf(on.groups, name));
  if ("service" in command && command.service !== undefined) return [of(command.service)];
  if ("scope" in command) return [of(command.scope)];
  if ("database" in command) return [of(command.database)];
  if (isWord(command)) return [on.plan === undefined ? [] : of(on.plan.service)];
  if (command.verb === "unsilence") {
    const silence = (await on.world.silences.standing(on.now)).find((one) => one.id === command.id);
    return [silence === undefined ? [] : of(silence.scope)];
  }
  if (command.verb === "page") return [serviceNamed(on.groups, command.whom) === undefined ? [] : of(command.whom)];
  const mine = on.incident === undefined || !isAboutIncident(command) ? [] : of(on.incident.service);
  if (command.verb !== "merge") return [mine];
  const into = await readIncident(on.world, command.into);
  return [mine, into === undefined ? [] : of(into.service)];
}

/** A button that names another incident than the plan's was not put there by us. */
async function wrongIncident({ world, plan }: On, claims: string | undefined): Promise<string | undefined> {
  if (claims === undefined || plan === undefined) return undefined;
  const standing = async (id: string | undefined) => (id === undefined ? undefined : ((await readIfReadable(world, id))?.id ?? id));
  // A plan of the first release names none.
  const own = plan.incident === undefined && plan.requester === "nightshift/guard" ? await standing(claims) : await standing(plan.incident);
  const named = claims === "-" ? undefined : await standing(claims);
  return guard("plan belongs to its incident", named !== own) ? `This button does not belong to the plan ${plan.plan}. Nothing was changed.` : undefined;
}
