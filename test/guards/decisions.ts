import { grant } from "@nightshift/decide/control";
import { decisionCases, sayCase } from "@nightshift/decide/decide-guard.cases";
import { settingsFor } from "@nightshift/decide/fixtures";
import { routeDeployment } from "@nightshift/decide/watches";
import { type ControlState, ecsDeploymentId, emptyControl, epochMs, type GrantRequest, hours, minutes, type Ms, serviceName } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { redact } from "@nightshift/aws/redact";
import { whyNot } from "@nightshift/runtime";
import { slackText } from "@nightshift/slack/escape";
import type { GuardCase } from "./case.ts";

const now = epochMs(1_773_457_200_000);
const { budgets } = settingsFor();
const request = (group: string, holder = `guard/${group}/1`): GrantRequest => ({
  holder,
  group,
  services: [`${group}-api`],
  kind: "rollback",
  mutations: 1,
  approved: false,
});
const ask = (state: ControlState, who: GrantRequest, later: number = 0) => grant(state, who, budgets, epochMs(now + later));
const refused = (state: ControlState, who: GrantRequest, later: number = 0) => ask(state, who, later).grant.kind === "refused";
const after = (state: ControlState, who: GrantRequest, later: number = 0) => ask(state, who, later).next ?? state;

const held: ControlState = { ...emptyControl, holds: [{ scope: "all", by: "ann", because: "maintenance", at: now, until: undefined }] };
const leasedBy = (holder: string, epoch: number, left: Ms): ControlState => ({
  ...emptyControl,
  leases: [{ resource: "shop-api", holder, purpose: "rollback", epoch, until: epochMs(now + left) }],
});
const effect = { mutation: { service: "shop-api", epoch: 7 }, key: "guard/shop/1", now };

const control: readonly GuardCase[] = [
  { off: ["hold at the grant"], promise: "a held account grants no lease", kept: () => refused(held, request("shop")) },
  {
    off: ["hold before every effect"],
    promise: "a held account makes no effect",
    kept: () => whyNot({ ...leasedBy("guard/shop/1", 7, minutes(5)), holds: held.holds }, effect) !== undefined,
  },
  {
    off: ["one lease holder"],
    promise: "a leased service is leased to nobody else",
    kept: () => refused(after(emptyControl, request("shop")), { ...request("shop", "scaler"), kind: "other" }),
  },
  {
    off: ["epoch rises with every lease"],
    promise: "two grants differ in their epoch",
    kept: () => after(after(emptyControl, request("shop")), request("cart")).epoch === 2,
  },
  {
    off: ["service budget"],
    promise: "a service is not rolled back twice in half an hour",
    kept: () => refused({ ...after(emptyControl, request("shop")), leases: [] }, request("shop", "guard/shop/2"), minutes(10)),
  },
  {
    off: ["account budget"],
    promise: "eleven changes in ten minutes are one too many",
    kept: () => refused(emptyControl, { ...request("shop"), mutations: 11 }),
  },
  {
    off: ["breaker"],
    promise: "the third group within five minutes is not rolled back",
    kept: () => refused(after(after(emptyControl, request("shop")), request("cart"), minutes(1)), request("mail"), minutes(2)),
  },
  {
    off: ["lease is ours before every effect"],
    promise: "an old epoch makes no effect",
    kept: () => whyNot(leasedBy("guard/shop/1", 8, minutes(5)), effect) !== undefined,
  },
  {
    off: ["lease is not over before every effect"],
    promise: "a lease that ran out makes no effect",
    kept: () => whyNot(leasedBy("guard/shop/1", 7, minutes(-1)), effect) !== undefined,
  },
];

const started = { group: "shop", service: serviceName("shop-api"), deployment: ecsDeploymentId("ecs-svc/2"), at: now };
const route = (late: Ms) => routeDeployment(undefined, { started, key: "guard/shop/2", now: epochMs(now + late), rollbackUnderWay: undefined }).kind;
const routing: readonly GuardCase[] = [
  { off: ["stale event starts nothing"], promise: "an event of two hours ago opens no watch", kept: () => route(hours(2)) === "ignore" },
  {
    off: ["no watch while we roll back"],
    promise: "the deployment of our own rollback opens no watch",
    kept: () => {
      const rollbackUnderWay = leasedBy("guard/shop/1", 7, minutes(5)).leases[0];
      return routeDeployment(undefined, { started, key: "guard/shop/2", now, rollbackUnderWay }).kind === "ignore";
    },
  },
];

const texts: readonly GuardCase[] = [
  {
    off: ["Slack text is escaped"],
    promise: "a log line mentions nobody in Slack",
    kept: () => slackText("<!channel> is down", 100) === "&lt;!channel&gt; is down",
  },
  { off: ["broadcast words are quiet"], promise: "a log line calls nobody in Slack", kept: () => !slackText("@channel is down", 100).includes("@channel") },
  { off: ["hidden characters are removed"], promise: "a text reads as what it says", kept: () => slackText("a\u202Eb", 100) === "ab" },
  { off: ["secrets are redacted"], promise: "a password leaves no log", kept: () => !redact("password=hunter22").includes("hunter22") },
];

/** Lines of the decision without which at least one row of its table comes out otherwise. */
const inTable: readonly GuardName[] = [
  "superseded watch stops",
  "yield to ECS",
  "yield to a person",
  "hold at the verdict",
  "unsupported deployments",
  "native grace",
  "blindness is no pass",
  "no traffic is no pass",
  "unread service is not acted on",
  "trouble elsewhere",
  "two signs that fit",
  "late watch asks",
  "alarm before the deployment",
  "only ALARM rings",
  "enough requests for a rate",
  "every minute over the rate",
  "platform stops are no crashes",
  "rollback that changes nothing",
  "image is there",
  "only good is gone back to",
  "settings are the same",
  "schema fits",
  "same bytes again",
  "known-bad is blocked",
];
/** What every row comes to with all guards; that it is right is the table's own test. */
const usual: readonly string[] = decisionCases.map((row) => says(row.given));
const table: readonly GuardCase[] = inTable.map((name) => ({
  off: [name],
  promise: "every row of the decision table comes out as ever",
  kept: () => decisionCases.every((row, index) => says(row.given) === usual[index]),
}));

/** A decision that fails instead of deciding is no row of the table either. */
function says(given: (typeof decisionCases)[number]["given"]): string {
  try {
    return sayCase(given);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const decisionGuards: readonly GuardCase[] = [...control, ...routing, ...texts, ...table];
