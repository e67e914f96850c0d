import { days, hours, minutes, type Verb } from "@nightshift/model";
import { describe, expect, it, test } from "vitest";
import { type GrammarContext, readCommand } from "./grammar.ts";
import { exampleOf, helpCard } from "./help.ts";
import { roleFor, verbNames, verbs } from "./verbs.ts";

const context: GrammarContext = {
  services: ["shop-api", "shop-worker", "search"],
  groups: ["shop"],
  people: ["ana", "lead"],
  databases: ["shop-prod"],
  zone: "prod",
};
const open: GrammarContext = { ...context, incidents: ["INC-261121-0314-shop", "INC-261121-0201-search"] };
const none = { dryRun: false, reason: undefined, yes: false };

const commandOf = (text: string, within = context): unknown => {
  const read = readCommand(text, within);
  return read.kind === "command"
    ? { ...read.command, ...(JSON.stringify(read.flags) === JSON.stringify(none) ? {} : { flags: read.flags }) }
    : { wrong: read.kind === "help" ? read.wrong?.because : undefined };
};
const wrongOf = (text: string, within = context) => {
  const read = readCommand(text, within);
  return read.kind === "help" ? read.wrong : undefined;
};

test.each<[string, object]>([
  ["whoami", { verb: "whoami" }],
  ["WhoAmI", { verb: "whoami" }],
  ["  version  ", { verb: "version" }],
  ["status", { verb: "status", service: undefined }],
  ["status SHOP-API", { verb: "status", service: "shop-api" }],
  ["status shop-api --env prod", { verb: "status", service: "shop-api" }],
  ["incidents", { verb: "incidents", all: false }],
  ["incidents --all", { verb: "incidents", all: true }],
  ["show", { verb: "show", incident: undefined }],
  ["show inc-261121-0314-shop", { verb: "show", incident: "INC-261121-0314-shop" }],
  ["oncall", { verb: "oncall", service: undefined, week: false }],
  ["oncall shop-api --week", { verb: "oncall", service: "shop-api", week: true }],
  ["silences", { verb: "silences" }],
  ["holds", { verb: "holds" }],
  ["deploys shop-api", { verb: "deploys", service: "shop-api" }],
  ["postmortem INC-1", { verb: "postmortem", incident: "INC-1" }],
  ["drill escalation shop-api", { verb: "drill", what: "escalation", service: "shop-api" }],
  ['open shop-api p1 "no checkout at all"', { verb: "open", service: "shop-api", severity: "P1", title: "no checkout at all" }],
  ["open shop-api P2 checkout is slow", { verb: "open", service: "shop-api", severity: "P2", title: "checkout is slow" }],
  ["ack", { verb: "ack", incident: undefined }],
  ["ACK INC-1", { verb: "ack", incident: "INC-1" }],
  ["resolve INC-1", { verb: "resolve", incident: "INC-1" }],
  ["reopen INC-1", { verb: "reopen", incident: "INC-1" }],
  ["mitigating", { verb: "mitigating", incident: undefined }],
  ["sev p2", { verb: "sev", incident: undefined, severity: "P2" }],
  ["sev INC-1 P3", { verb: "sev", incident: "INC-1", severity: "P3" }],
  ['note "restarted the cache"', { verb: "note", incident: undefined, text: "restarted the cache" }],
  ["note INC-1 restarted the cache", { verb: "note", incident: "INC-1", text: "restarted the cache" }],
  ['note "INC-1"', { verb: "note", incident: undefined, text: "INC-1" }],
  ['field INC-1 root-cause "a full disk"', { verb: "field", incident: "INC-1", field: "rootCause", text: "a full disk" }],
  ["field impact none so far", { verb: "field", incident: undefined, field: "impact", text: "none so far" }],
  ["merge INC-1 into INC-2", { verb: "merge", incident: "INC-1", into: "INC-2" }],
  ["role INC-1 ic <@U123|bob>", { verb: "role", incident: "INC-1", role: "ic", person: "U123" }],
  ["role ops @ana", { verb: "role", incident: undefined, role: "ops", person: "ana" }],
  ["role comms me", { verb: "role", incident: undefined, role: "comms", person: "me" }],
  ['page tier2 "database"', { verb: "page", whom: "tier2", why: "database" }],
  ['page shop-api "it is slow"', { verb: "page", whom: "shop-api", why: "it is slow" }],
  ['page <@U123> "it is slow"', { verb: "page", whom: "U123", why: "it is slow" }],
  ["handoff @ana", { verb: "handoff", to: "ana", until: undefined }],
  ["handoff @ana --for 8h", { verb: "handoff", to: "ana", until: hours(8) }],
  [
    'silence shop-api 1h --reason "load test"',
    { verb: "silence", scope: "shop-api", lasts: hours(1), flags: { dryRun: false, reason: "load test", yes: false } },
  ],
  ["silence shop 30m", { verb: "silence", scope: "shop", lasts: minutes(30) }],
  ["silence all --for 1d", { verb: "silence", scope: "all", lasts: days(1) }],
  ["silence checkout-latency-* 1h", { verb: "silence", scope: "checkout-latency-*", lasts: hours(1) }],
  ['silence "Checkout_p95" 1h', { verb: "silence", scope: "Checkout_p95", lasts: hours(1) }],
  ["unsilence S-7f3a", { verb: "unsilence", id: "S-7f3a" }],
  ["rollback shop-api", { verb: "rollback", service: "shop-api", to: undefined }],
  [
    "rollback shop-api --to shop-api:41 --dry-run",
    { verb: "rollback", service: "shop-api", to: "shop-api:41", flags: { dryRun: true, reason: undefined, yes: false } },
  ],
  ["rollback --dry-run shop-api", { verb: "rollback", service: "shop-api", to: undefined, flags: { dryRun: true, reason: undefined, yes: false } }],
  ["rollback shop-api —dry-run", { verb: "rollback", service: "shop-api", to: undefined, flags: { dryRun: true, reason: undefined, yes: false } }],
  ["rollback shop-api --YES", { verb: "rollback", service: "shop-api", to: undefined, flags: { dryRun: false, reason: undefined, yes: true } }],
  [
    "rollback shop-api --reason “bad build”",
    { verb: "rollback", service: "shop-api", to: undefined, flags: { dryRun: false, reason: "bad build", yes: false } },
  ],
  [
    'rollback shop-api --reason="bad build"',
    { verb: "rollback", service: "shop-api", to: undefined, flags: { dryRun: false, reason: "bad build", yes: false } },
  ],
  ["rollback shop-api --reason=bad", { verb: "rollback", service: "shop-api", to: undefined, flags: { dryRun: false, reason: "bad", yes: false } }],
  ["scale shop-worker 4", { verb: "scale", service: "shop-worker", to: "4", lasts: undefined }],
  ["scale shop-worker +2 --for 2h", { verb: "scale", service: "shop-worker", to: "+2", lasts: hours(2) }],
  ["scale shop-worker −1", { verb: "scale", service: "shop-worker", to: "-1", lasts: undefined }],
  ["scale shop-worker AUTO", { verb: "scale", service: "shop-worker", to: "auto", lasts: undefined }],
  ["scale shop-worker 0", { verb: "scale", service: "shop-worker", to: "0", lasts: undefined }],
  ["backup now shop-prod", { verb: "backup", what: "now", database: "shop-prod" }],
  ["backup drill shop-prod", { verb: "backup", what: "drill", database: "shop-prod" }],
  ["restore shop-prod", { verb: "restore", database: "shop-prod", backup: undefined, at: undefined }],
  ["restore shop-prod shop-261121-0200-nightly", { verb: "restore", database: "shop-prod", backup: "shop-261121-0200-nightly", at: undefined }],
  ["restore shop-prod --at 2026-11-21T01:30Z", { verb: "restore", database: "shop-prod", backup: undefined, at: 1_795_224_600_000 }],
  ["hold shop-api", { verb: "hold", scope: "shop-api", lasts: undefined }],
  ["hold all --for 30d", { verb: "hold", scope: "all", lasts: days(30) }],
  ["hold shop 2h", { verb: "hold", scope: "shop", lasts: hours(2) }],
  ["release shop-api", { verb: "release", scope: "shop-api" }],
  ["freeze all 1d", { verb: "freeze", scope: "all", lasts: days(1) }],
  ["unfreeze all", { verb: "unfreeze", scope: "all" }],
  ["approve P-7f3a", { verb: "approve", plan: "P-7f3a" }],
  ["approve", { verb: "approve", plan: undefined }],
  ["deny", { verb: "deny", plan: undefined }],
  ["deny P-7f3a", { verb: "deny", plan: "P-7f3a" }],
  ["test-alert shop-api", { verb: "test-alert", service: "shop-api", severity: "P3" }],
  ["test-alert shop-api --sev p1", { verb: "test-alert", service: "shop-api", severity: "P1" }],
  ["note costs &lt;5 &amp; rising", { verb: "note", incident: undefined, text: "costs <5 & rising" }],
  [
    "note ask <@U123|bob> in <#C1|ops> about <http://shop.example.com|shop.example.com>",
    { verb: "note", incident: undefined, text: "ask @bob in #ops about shop.example.com" },
  ],
  ["note <!subteam^S1|@oncall> and <!channel>", { verb: "note", incident: undefined, text: "@oncall and @channel" }],
])("%s", (text, command) => {
  expect(commandOf(text)).toEqual(command);
});

test.each<[string, Omit<NonNullable<ReturnType<typeof wrongOf>>, "example">]>([
  ["rollbakc shop-api", { token: "rollbakc", position: 1, because: "is not something I know", near: ["rollback"] }],
  ["rollback shop-apii", { token: "shop-apii", position: 2, because: "is not a service here", near: ["shop-api"] }],
  ["rollback", { token: "", position: 2, because: "A service is missing", near: [] }],
  [
    "rollback shop-api --dryrun",
    { token: "--dryrun", position: 3, because: "is no option of rollback; text that begins with a dash goes in quotes", near: ["--dry-run"] },
  ],
  [
    "rollback shop-api -dry-run",
    { token: "-dry-run", position: 3, because: "is no option of rollback; text that begins with a dash goes in quotes", near: ["--dry-run"] },
  ],
  ["rollback shop-api now", { token: "now", position: 3, because: "is one word too many: rollback <service> [--to revision] [--dry-run]", near: [] }],
  ["rollback shop-api --dry-run --dry-run", { token: "--dry-run", position: 4, because: "is there twice", near: [] }],
  ["rollback shop-api --dry-run=no", { token: "--dry-run=no", position: 3, because: "takes no value", near: [] }],
  ["rollback shop-api --reason", { token: "--reason", position: 3, because: 'needs a value, such as --reason "why"', near: [] }],
  ["rollback shop-api --reason --dry-run", { token: "--reason", position: 3, because: 'needs a value, such as --reason "why"', near: [] }],
  ['rollback shop-api --reason "not closed', { token: "not closed", position: 4, because: "opens a quote that nothing closes", near: [] }],
  ["rollback shop-api --env staging", { token: "staging", position: 4, because: "is not what this Nightshift looks after: it is prod", near: [] }],
  ["sev p5", { token: "p5", position: 2, because: "is not a severity: p1, p2, p3 or p4", near: ["p1", "p2", "p3"] }],
  ["ack shop-api", { token: "shop-api", position: 2, because: "is not an incident: their ids begin with INC-", near: [] }],
  ["silence shop-api", { token: "", position: 3, because: "A length is missing, such as 1h", near: [] }],
  ["silence shop-api 0m", { token: "0m", position: 3, because: "is not a length: a number and m, h or d, such as 30m, 2h or 1d, up to 30d", near: [] }],
  ["silence shop-api 31d", { token: "31d", position: 3, because: "is not a length: a number and m, h or d, such as 30m, 2h or 1d, up to 30d", near: [] }],
  ["silence shop-api 1h --for 2h", { token: "", position: 6, because: "The length is there twice", near: [] }],
  [
    "silence shop-ap 1h",
    { token: "shop-ap", position: 2, because: "is almost a service's name; for an alarm of that name, end it with *", near: ["shop-api"] },
  ],
  ["silence *** 1h", { token: "***", position: 2, because: "is neither a service nor an alarm's name; write all for everything", near: [] }],
  ["hold everything", { token: "everything", position: 2, because: "is not a service or group here", near: [] }],
  ["scale shop-worker lots", { token: "lots", position: 3, because: "is not a number of workers: 4, +2, -1 or auto", near: [] }],
  ["scale shop-worker 10000", { token: "10000", position: 3, because: "is not a number of workers: 4, +2, -1 or auto", near: [] }],
  ["role INC-1 boss @ana", { token: "boss", position: 3, because: "is none of ic, ops, comms", near: [] }],
  ["role ic @anna", { token: "@anna", position: 3, because: "is nobody whom the config names; a mention always works", near: ["ana"] }],
  ["merge INC-1 INC-2", { token: "INC-2", position: 3, because: 'is not "into"', near: [] }],
  ["merge INC-1 into INC-1", { token: "INC-1", position: 4, because: "is the same incident", near: [] }],
  ['note ""', { token: "", position: 2, because: "is empty", near: [] }],
  ["backup list shop-prd", { token: "shop-prd", position: 3, because: "is not a database here", near: ["shop-prod"] }],
  ['"rollback" shop-api', { token: "rollback", position: 1, because: "is not something I know", near: ["rollback"] }],
])("%s is refused", (text, wrong) => {
  expect(wrongOf(text)).toMatchObject(wrong);
});

describe("names", () => {
  it("lists at most ten services and counts the rest", () => {
    const services = Array.from({ length: 12 }, (_, index) => `service-${String(index).padStart(2, "0")}`);
    const read = readCommand("deploys checkout", { services, people: [] });
    expect(read.kind === "help" && JSON.stringify(read.card.parts)).toContain(
      "There are: service-00, service-01, service-02, service-03, service-04, service-05, service-06, service-07, service-08, service-09 and 2 more (service).",
    );
  });

  it("takes only incidents that exist where they are known", () => {
    expect(commandOf("ack INC-261121-0314-SHOP", open)).toEqual({ verb: "ack", incident: "INC-261121-0314-shop" });
    expect(wrongOf("ack INC-261121-0314-shp", open)).toMatchObject({ because: "is not an incident here", near: ["INC-261121-0314-shop"] });
  });

  it("never takes one of two names that differ by case alone for the other", () => {
    const twins = { services: ["Api", "API"], people: [] };
    expect(commandOf("deploys API", twins)).toEqual({ verb: "deploys", service: "API" });
    expect(wrongOf("deploys api", twins)).toMatchObject({ because: "is not a service here" });
  });

  it("takes no typed word for a mention", () => {
    expect(wrongOf("role ic \u{f0000}0\u{f0000}bob")).toMatchObject({ because: "is nobody whom the config names; a mention always works" });
    expect(wrongOf("role ic &lt;@U999|bob&gt;")).toMatchObject({ because: "is nobody whom the config names; a mention always works" });
  });
});

describe("help", () => {
  it("is the answer to nothing, to help and to help about a verb", () => {
    for (const text of ["", "   ", "help", "HELP rollback"]) expect(readCommand(text, context)).toMatchObject({ kind: "help" });
    expect(readCommand("help rollback", context)).not.toHaveProperty("wrong");
  });

  it("says of a mistake where it is, what is near, what is right and that nothing was done", () => {
    expect(readCommand("rollback shop-apii --dry-run", context)).toMatchObject({
      card: {
        summary: '"shop-apii" (word 2) is not a service here. Nothing was done. Example: /ops rollback shop-api --dry-run',
        parts: [
          { kind: "text", text: '"shop-apii" (word 2) is not a service here.' },
          { kind: "code", text: "/ops rollback shop-apii --dry-run\n              ^^^^^^^^^" },
          { kind: "text", text: 'Did you mean "shop-api"?' },
          { kind: "text", text: "There are: shop-api, shop-worker, search (service)." },
          { kind: "text", text: ["Example: ", { code: "/ops rollback shop-api --dry-run" }] },
          { kind: "small", text: "Nothing was done. Usage: /ops rollback <service> [--to revision] [--dry-run]" },
        ],
      },
    });
  });

  it("lists every verb once", () => {
    const card = JSON.stringify(helpCard(undefined, context));
    expect(verbNames.filter((verb) => !card.includes(`/ops ${verb}`))).toEqual([]);
    expect(verbNames).toHaveLength(37);
  });

  it.each<[string, GrammarContext]>([
    ["here", context],
    ["with incidents", open],
    ["where nothing is known", { services: [], people: [] }],
    ["in a mention", { ...context, said: "@nightshift" }],
  ])("gives an example of every verb that is right as it stands, %s", (_, within) => {
    const wrong = verbNames.filter((verb) => {
      const example = exampleOf(verb, within);
      const said = `${within.said ?? "/ops"} `;
      const read = readCommand(example.slice(said.length), within);
      return (
        !example.startsWith(said) ||
        (verb === "help" ? read.kind !== "help" || read.wrong !== undefined : read.kind !== "command" || read.command.verb !== verb)
      );
    });
    expect(wrong).toEqual([]);
  });
});

describe("who may", () => {
  it.each<[Verb, string]>([
    ["whoami", "viewer"],
    ["ack", "responder"],
    ["hold", "responder"],
    ["release", "responder"],
    ["rollback", "operator"],
    ["approve", "operator"],
    ["restore", "operator"],
  ])("%s: %s", (verb, role) => {
    expect(roleFor(verb)).toBe(role);
  });

  it("is a viewer for nothing that changes something", () => {
    expect(verbNames.filter((verb) => verbs[verb].changes && roleFor(verb) === "viewer")).toEqual([]);
  });
});

it("refuses a text that is longer than a message", () => {
  expect(wrongOf("x".repeat(4_001))).toMatchObject({ because: "The command is longer than 4000 characters" });
  expect(wrongOf(`note ${"x".repeat(2_001)}`)).toMatchObject({ because: "is longer than 2,000 characters" });
  expect(commandOf(`note ${"x".repeat(2_000)}`)).toMatchObject({ verb: "note" });
});

it("takes a mention with something glued to it for no person, and one in a reason for text", () => {
  expect(wrongOf("role ic <@U123|bob>by")).toMatchObject({ token: "@bobby", because: "is nobody whom the config names; a mention always works" });
  expect(commandOf("rollback shop-api --reason <@U123|bob>")).toMatchObject({ flags: { reason: "@bob" } });
});

describe("short names of incidents, where they are looked up later", () => {
  const short = { ...context, shortNames: true };

  it.each<[string, object]>([
    ["ack 43ab", { verb: "ack", incident: "43ab" }],
    ["resolve shop-api", { verb: "resolve", incident: "shop-api" }],
    ["sev 43ab p2", { verb: "sev", incident: "43ab", severity: "P2" }],
    ["sev p2", { verb: "sev", incident: undefined, severity: "P2" }],
    ["role shop-api ic @ana", { verb: "role", incident: "shop-api", role: "ic", person: "ana" }],
    ["field 43ab impact none", { verb: "field", incident: "43ab", field: "impact", text: "none" }],
    ["merge 43ab into shop-api", { verb: "merge", incident: "43ab", into: "shop-api" }],
    ["note 43ab is back", { verb: "note", incident: undefined, text: "43ab is back" }],
  ])("%s", (text, command) => {
    expect(commandOf(text, short)).toEqual(command);
  });

  it("are no reason to take a slip for one", () => {
    expect(wrongOf("sev p5", short)).toMatchObject({ token: "p5", because: "is not a severity: p1, p2, p3 or p4" });
    expect(wrongOf("role boss @ana", short)).toMatchObject({ token: "boss" });
    expect(wrongOf("ack 43ab now", short)).toMatchObject({ token: "now" });
  });
});
