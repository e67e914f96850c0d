import { hours, type IncidentPolicy, minutes, seconds, type SeverityPolicy } from "@nightshift/model";

/** P1 as in `facts/incidents.md` 6 and 7.6, with decision 5: tier 1 at once and again at 5 min, tier 2 at 15, tier 3 at 30. */
const P1: SeverityPolicy = {
  groupWait: seconds(0),
  tiers: [
    { tier: 1, after: seconds(0), by: ["slack-mention", "sns"] },
    { tier: 1, after: minutes(5), by: ["slack-dm", "sns"] },
    { tier: 2, after: minutes(15), by: ["slack-dm", "sns"] },
    { tier: 3, after: minutes(30), by: ["slack-dm", "sns"] },
  ],
  ackWithin: minutes(5),
  resolveWithin: minutes(30),
  ackLasts: minutes(30),
  quietFor: minutes(10),
  room: true,
  postMortem: true,
  businessHours: false,
};

/** P2: 15, 45 and 105 minutes. */
const P2: SeverityPolicy = {
  groupWait: seconds(5),
  tiers: [
    { tier: 1, after: seconds(0), by: ["slack-mention"] },
    { tier: 1, after: minutes(15), by: ["slack-dm", "sns"] },
    { tier: 2, after: minutes(45), by: ["slack-dm", "sns"] },
    { tier: 3, after: minutes(105), by: ["slack-dm", "sns"] },
  ],
  ackWithin: minutes(15),
  resolveWithin: hours(1),
  ackLasts: minutes(60),
  quietFor: minutes(5),
  room: false,
  postMortem: true,
  businessHours: false,
};

/** P3: tier 1 after an hour, then tier 2. */
const P3: SeverityPolicy = {
  groupWait: seconds(30),
  tiers: [
    { tier: 1, after: minutes(60), by: ["slack-mention"] },
    { tier: 2, after: minutes(120), by: ["slack-mention"] },
  ],
  ackWithin: hours(1),
  resolveWithin: hours(4),
  ackLasts: undefined,
  quietFor: minutes(5),
  room: false,
  postMortem: false,
  businessHours: false,
};

/** P4: the next business day. */
const P4: SeverityPolicy = {
  groupWait: seconds(30),
  tiers: [],
  ackWithin: undefined,
  resolveWithin: hours(24),
  ackLasts: undefined,
  quietFor: minutes(5),
  room: false,
  postMortem: false,
  businessHours: true,
};

/** The defaults of `facts/incidents.md` 6 and 7 for a shop of two services and three people. Tests and fixtures only; production resolves its own from the config. */
export const policyFixture = (over: Partial<IncidentPolicy> = {}): IncidentPolicy => ({
  product: "shop",
  zone: "prod",
  channels: { ops: "C0OPS", incidents: "C0INC", byService: {} },
  slack: { team: "T0SHOP", app: "A0SHOP" },
  people: [
    { name: "ana", slack: "U0ANA", arn: undefined, roles: ["operator"], rolesFor: {} },
    { name: "lead", slack: "U0LEAD", arn: undefined, roles: ["operator"], rolesFor: {} },
    { name: "cto", slack: "U0CTO", arn: undefined, roles: ["owner"], rolesFor: {} },
  ],
  groupsWithRoles: [],
  severities: { P1, P2, P3, P4 },
  tiers: [
    { tier: 1, name: "On-Call Engineer", rota: { kind: "static", name: "tier 1", people: ["ana"] } },
    { tier: 2, name: "DevOps Lead", rota: { kind: "static", name: "tier 2", people: ["lead"] } },
    { tier: 3, name: "CTO", rota: { kind: "static", name: "tier 3", people: ["cto"] } },
  ],
  alarms: [],
  maintenance: [],
  dependsOn: {},
  reopenWithin: minutes(10),
  suspectWithin: minutes(30),
  storm: { moreThan: 20, within: minutes(2) },
  digest: { hour: 9, minute: 0 },
  postMortem: { after: hours(24), remindAfterBusinessDays: 5 },
  heartbeatUrl: undefined,
  links: {},
  ...over,
});
