import { whoHolds } from "@nightshift/decide/commands/authorise";
import { frozenBecause, heldBecause } from "@nightshift/decide/control";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { after, type Approval, hours, minutes, type ScaleOrder, sayLength, type StoredPlan, type WorkerSettings } from "@nightshift/model";
import { planCard } from "../plan-card.ts";
import { shortHash } from "../short-hash.ts";
import { answered, type Carry, card, type On, type Prepared, type Ready, refused, scopeOf } from "../verb.ts";

/** An order without a length ends by itself after this: a number that somebody forgot must not stand for ever. */
const LASTS = hours(2);
/** What was seen is older after that than anybody should act on (`facts/incidents.md` 7.7). */
const PLAN_LASTS = minutes(10);

/** Orders a number of workers, or another upper bound, for a while; `auto` gives the number back to the queue (decision 45). The scaler carries it out. */
export const scale: Carry<"scale"> = async ({ service, to, lasts = LASTS, max }, on) => {
  const worker = (on.workers ?? []).find((one) => one.service === service);
  if (worker === undefined)
    return refused(
      `${service} is not under workers in nightshift.config.ts, so that Nightshift does not scale it. Nothing was changed. By hand: aws ecs update-service --service ${service} --desired-count N.`,
    );
  if (worker.mode === "shadow")
    return refused(
      `${service} is in shadow mode: Nightshift only says what it would do there. Nothing was changed. Set its mode to ask or auto, or scale by hand: aws ecs update-service --cluster ${worker.cluster} --service ${service} --desired-count N.`,
    );
  if (to === "auto" && max === undefined) return giveBack(on, worker);
  const workers = to === "auto" ? undefined : await countOf(on, worker, to);
  const wrong = outOfBounds(worker, workers, max);
  if (wrong !== undefined) return refused(`${wrong} Nothing was changed.`);
  const { request, person, doing } = on;
  const order: ScaleOrder = {
    service,
    workers,
    max,
    by: person.name,
    because: doing.because ?? "no reason given",
    at: request.at,
    until: after(request.at, lasts),
  };
  return workers === 0 ? askForZero(on, order, worker) : orderNow(on, order, worker);
};

/** `+2` and `-1` count from what runs by order now. */
async function countOf({ world }: On, { cluster, service }: WorkerSettings, to: string): Promise<number> {
  if (!/^[+-]/.test(to)) return Number(to);
  const [now] = await world.services.describe([{ cluster, service }]);
  return Math.max(0, (now?.desired ?? 0) + Number(to));
}

function outOfBounds(worker: WorkerSettings, workers: number | undefined, max: number | undefined): string | undefined {
  const most = max ?? worker.max;
  if (most < worker.min) return `At most ${most} is below the config's min of ${worker.min}.`;
  if (workers === undefined) return undefined;
  if (workers > most)
    return `${workers} workers are more than the ${most} that ${max === undefined ? "the config allows: add --max to allow more for a while" : "you allow"}.`;
  if (workers < worker.min) return `${workers} workers are fewer than the config's min of ${worker.min}.`;
  return undefined;
}

const sayOrder = ({ service, workers, max, by, because, until }: ScaleOrder): string =>
  `${by} orders ${[...(workers === undefined ? [] : [`${workers} workers`]), ...(max === undefined ? [] : [`at most ${max}`])].join(", ")} for ${service} until ${sayMoment(until)}: ${because}`;

/** What the scaler will do about it, in calls. */
const callsOf = ({ service, workers, until }: ScaleOrder, { cluster }: WorkerSettings): readonly string[] => [
  `ledger: put the order of ${service}, which ends at ${sayMoment(until)}`,
  "lambda:InvokeFunction scaler (looks at once, and then):",
  ...(workers === undefined
    ? []
    : [
        `  to add: ecs:UpdateService cluster=${cluster} service=${service} desiredCount=${workers}`,
        "  to remove: Celery cancel_consumer to each worker that goes; when it is empty: ecs:UpdateTaskProtection of all others,",
        `  then ecs:UpdateService cluster=${cluster} service=${service} desiredCount=(fewer by those that were seen empty)`,
      ]),
];

/** What stands in its way now: the order is kept, and carried out when it is gone. */
async function obstacles({ world, groups, now }: On, service: string): Promise<readonly string[]> {
  const control = await world.control.read();
  const scope = scopeOf(groups, service);
  const stands = { hold: heldBecause(control, scope, now), freeze: frozenBecause(control, scope, now) };
  return [
    ...(stands.hold === undefined ? [] : [`Nothing is changed while this stands: ${stands.hold}. The order is kept meanwhile.`]),
    ...(stands.freeze === undefined ? [] : [`A freeze stops deployments, not scaling: ${stands.freeze}.`]),
  ];
}

async function orderNow(on: On, order: ScaleOrder, worker: WorkerSettings): Promise<Ready> {
  const { world } = on;
  const says = sayOrder(order);
  const more = [
    ...(await obstacles(on, order.service)),
    "Workers that are too many are removed only when each is seen empty: nobody is stopped at work.",
    `Give it back to the queue with: /ops scale ${order.service} auto`,
  ];
  return {
    kind: "ready",
    does: says,
    calls: callsOf(order, worker),
    tells: [],
    line: `${says}.`,
    act: async () => {
      await world.scalingBook.order(order);
      await world.ticks.now({ service: order.service, due: world.clock.now() });
      return { card: card(`${says}. Working on it.`, more), changed: true };
    },
  };
}

async function giveBack(on: On, { service }: WorkerSettings): Promise<Prepared> {
  const { world, person } = on;
  const { order } = await world.scalingBook.read(service);
  if (order === undefined || order.until <= on.now) return answered(card(`No order stands for ${service}: the queue decides already.`));
  const says = `${person.name} ends the order of ${order.by} for ${service}: the queue decides again`;
  return {
    kind: "ready",
    does: says,
    calls: [`ledger: delete the order of ${service}`, "lambda:InvokeFunction scaler (looks at once)"],
    tells: [],
    line: `${says}.`,
    act: async () => {
      const changed = await world.scalingBook.endOrder(service);
      await world.ticks.now({ service, due: world.clock.now() });
      return { card: card(changed ? `${says}.` : `${says}. (It was so already.)`), changed };
    },
  };
}

/** Nobody left to work: two people must say yes (`facts/incidents.md` 7.7). */
async function askForZero(on: On, order: ScaleOrder, worker: WorkerSettings): Promise<Ready> {
  const { world, request, person, incident, policy, groups } = on;
  const needs = { role: "operator", people: 2 } as const;
  const who = whoHolds(policy, { role: needs.role, scope: scopeOf(groups, order.service) });
  const names = who.length === 0 ? "" : ` (${who.join(", ")})`;
  const id = `S-${order.service}-0-${shortHash(request.key)}`;
  const hash = JSON.stringify(order);
  const what = `scale ${order.service} to no workers until ${sayMoment(order.until)}`;
  // A lone person's second yes comes ten minutes after the first.
  const expiresAt = after(request.at, who.length < 2 ? minutes(30) : PLAN_LASTS);
  const stored: StoredPlan = {
    id,
    hash,
    verb: "scale",
    service: order.service,
    requester: person.name,
    incident: incident?.id,
    because: order.because,
    madeAt: request.at,
    expiresAt,
    calls: callsOf(order, worker),
    preconditions: {},
    input: { order: hash },
  };
  const approval: Approval = {
    plan: id,
    planHash: hash,
    what,
    because: order.because,
    service: order.service,
    askedAt: request.at,
    expiresAt,
    state: "pending",
    needs,
    requester: person.name,
    incident: incident?.id,
    given: [],
    by: undefined,
    answeredAt: undefined,
    callbackId: undefined,
  };
  const within = sayLength(minutes((expiresAt - request.at) / minutes(1)));
  return {
    kind: "ready",
    does: `asks to ${what}.`,
    calls: [`(first, in the ledger: keep the plan ${id} and ask for two words on it)`, ...stored.calls],
    approval: `two operators for ${order.service}${names}, within ${within}`,
    tells: [`in the thread: ${person.name} asks to ${what}; plan ${id}`],
    line: `${person.name} asks to ${what}: ${order.because}. Plan ${id} waits for two operators for ${order.service}${names}.`,
    act: async () => {
      await world.plans.keep(stored);
      await world.approvals.ask(approval);
      const heading = `Scale ${order.service} to zero?`;
      return {
        card: planCard({ stored, approval, heading, doubts: await obstacles(on, order.service), who: `two operators for ${order.service}${names}` }),
        changed: true,
      };
    },
  };
}
