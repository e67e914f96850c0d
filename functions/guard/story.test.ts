import { at } from "@nightshift/decide/fixtures";
import { sayClock, shortRevision, taskDefinitionArn } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { ask, event, facts, leave, plan, receipt, recovered, rollBack } from "./stories.fixture.ts";
import { type GuardStory, tellGuard } from "./story.ts";

/** The header's standing, severity and title, then each line as the thread shows it. */
function thread(story: GuardStory): readonly string[] {
  const { incident, lines } = tellGuard(story);
  const head = incident === undefined ? "nobody is told" : `${incident.standing} ${incident.severity}: ${incident.title}`;
  return [head, ...lines.map((line) => `${sayClock(line.at)} ${line.kind}: ${line.text}`)];
}
/** What every station says first; a test shows only what comes after. */
const later = (story: GuardStory): readonly string[] => {
  const [head = "", ...lines] = thread(story);
  return [head, ...lines.filter((line) => !common.includes(line))];
};
const common: readonly string[] = [
  "03:00:00 seen: shop-api:43 began taking traffic",
  "03:02:10 seen: [shop-api] 5xx 12.4 %",
  "03:02:10 blamed: began 1 m after the deployment: it is the deployment",
  "03:02:10 blamed: a hard sign",
  "03:02:10 planned: plan shop-api-43-to-42-ai43: deploy shop-api:42 to shop-api → shop-api:42 (good)",
  "03:02:10 note: What would change my mind: the old revision failing, too",
];
const base = { event, facts } as const;
const acted = (outcome: Extract<GuardStory, { ending: "acted" }>["outcome"], over: Partial<typeof receipt> = {}): GuardStory => ({
  ...base,
  ending: "acted",
  verdict: rollBack,
  receipt: { ...receipt, ...over },
  outcome,
});

describe("the thread", () => {
  test("says what was saved before the deployment", () => {
    const members = facts.prepared.members.map((member) => ({ ...member, saved: { at: at(-60_000), snapshots: "nightshift-shop-1" } }));
    const story: GuardStory = { ...base, facts: { ...facts, prepared: { ...facts.prepared, members } }, ending: "acting", verdict: rollBack, receipt };
    expect(thread(story)[1]).toMatch(/^\d\d:\d\d:\d\d note: \[shop-api\] saved before this deployment: nightshift-shop-1$/);
  });
  test("says that nothing was saved only where something could have been", () => {
    const told = (saves?: readonly string[]) => {
      const prepared = { ...facts.prepared, ...(saves === undefined ? {} : { saves }) };
      return thread({ ...base, facts: { ...facts, prepared }, ending: "acting", verdict: rollBack, receipt }).filter((line) => line.includes("saved"));
    };
    expect(told()).toEqual([]);
    expect(told(["shop", "crm"]).map((line) => line.slice(9))).toEqual([
      "note: [shop-api] nothing is known to have been saved before this deployment: npx nightshift gate deploy shop-api --snapshot takes a snapshot of shop, crm first",
    ]);
  });
  test("of a rollback that helped", () => {
    expect(thread(acted(recovered("restored")))).toMatchInlineSnapshot(`
      [
        "resolved P2: shop-api:43 was rolled back to shop-api:42, and it helped",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 seen: [shop-api] 5xx 12.4 %",
        "03:02:10 blamed: began 1 m after the deployment: it is the deployment",
        "03:02:10 blamed: a hard sign",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:10 planned: plan shop-api-43-to-42-ai43: deploy shop-api:42 to shop-api → shop-api:42 (good)",
        "03:02:10 note: What would change my mind: the old revision failing, too",
        "03:02:15 acted: rollback of shop-api to shop-api:42 accepted by ECS",
        "03:03:44 verified: [shop-api] only the good revision serves (traffic clock 1 m 30 s)",
        "03:05:20 resolved: 5xx 0.1 %: verified: digests checked, the trigger is clear: it helped. (steady clock 3 m)",
        "03:05:20 note: shop-api: the revision is marked known-bad; deploying the same image again will warn.",
      ]
    `);
  });
  test("while ECS is at it", () => {
    expect(later({ ...base, ending: "acting", verdict: rollBack, receipt })).toMatchInlineSnapshot(`
      [
        "working P2: shop-api:43 is being rolled back: 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:15 acted: rollback of shop-api to shop-api:42 accepted by ECS",
      ]
    `);
  });
  test("of a rollback that was not allowed", () => {
    expect(later({ ...base, ending: "acting", verdict: rollBack, receipt: { ...receipt, moved: [], refused: "ann holds everything" } })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43: not rolled back: ann holds everything",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:14 acted: Nothing was sent: ann holds everything",
      ]
    `);
  });
  test("of a rollback that was not sent", () => {
    expect(later(acted({ kind: "not-sent" }, { moved: [], refused: "ann holds everything" }))).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43 was not rolled back",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:14 acted: Nothing was sent: ann holds everything",
      ]
    `);
  });
  test("of one that did not help", () => {
    expect(later(acted(recovered("ineffective", { clear: false, says: "5xx 11.8 %" })))).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43 was rolled back to shop-api:42, but it did not help",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:15 acted: rollback of shop-api to shop-api:42 accepted by ECS",
        "03:03:44 verified: [shop-api] only the good revision serves (traffic clock 1 m 30 s)",
        "03:05:20 resolved: 5xx 11.8 %: The trigger did not clear: rolling back did not help, so it was probably not the deployment. I go no further back. A person is needed. (steady clock 3 m)",
      ]
    `);
  });
  test("of one that ECS calls failed", () => {
    expect(later(acted(recovered("failed", { trafficAt: undefined, failedBecause: "tasks failed to start" })))).toMatchInlineSnapshot(`
      [
        "needs-person P2: rolling shop-api:43 back to shop-api:42 failed",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:15 acted: rollback of shop-api to shop-api:42 accepted by ECS",
        "03:05:20 resolved: tasks failed to start: the rollback did not succeed. A person is needed now. (steady clock 3 m)",
      ]
    `);
  });
  test("of one that somebody overtook", () => {
    expect(later(acted(recovered("overtaken", { trafficAt: undefined, overtakenBy: "shop-api:44" })))).toMatchInlineSnapshot(`
      [
        "needs-person P2: a newer deployment overtook the rollback of shop-api:43",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:15 acted: rollback of shop-api to shop-api:42 accepted by ECS",
        "03:05:20 resolved: shop-api:44: A newer deployment took over; I leave it alone. (steady clock 3 m)",
      ]
    `);
  });
  test("of one whose looks ran out", () => {
    expect(later(acted(recovered("wait", { says: undefined })))).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43 was rolled back to shop-api:42; whether it helped is not clear yet",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:15 acted: rollback of shop-api to shop-api:42 accepted by ECS",
        "03:03:44 verified: [shop-api] only the good revision serves (traffic clock 1 m 30 s)",
        "03:05:20 resolved: The looks ran out before it was clear whether this helped. A person should look. (steady clock 3 m)",
      ]
    `);
  });
  test("of a question", () => {
    expect(later({ ...base, ending: "asking", verdict: ask() })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43: may I roll back? 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:10 asked: A person must say yes: press Approve or Deny, or /ops approve shop-api-43-to-42-ai43 (or npx nightshift approve shop-api-43-to-42-ai43). Without an answer within 5 m the deployment stays.",
      ]
    `);
  });
  test("of a no", () => {
    expect(later({ ...base, ending: "not-approved", verdict: ask(), consent: { kind: "denied", by: "ann", at: at(200_000) } })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43 was kept, ann said no: 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:03:20 answered: ann denied the plan. Nothing was changed.",
      ]
    `);
  });
  test("of no answer", () => {
    expect(later({ ...base, ending: "not-approved", verdict: ask(), consent: { kind: "timed-out", at: at(430_000) } })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43 was kept, nobody answered: 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:07:10 answered: Nobody answered in time. Nothing was changed; the deployment stays, and this plan cannot be approved any more: deploy a fix or an older revision if it still fails.",
      ]
    `);
  });
  test("of a rollback in shadow mode", () => {
    expect(later({ ...base, ending: "told", verdict: { ...rollBack, consent: "shadow" } })).toMatchInlineSnapshot(`
      [
        "done P2: shop-api:43 would have been rolled back: 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:10 note: Shadow mode: nothing was changed. In auto mode I would have done this.",
      ]
    `);
  });
  test("of a question in shadow mode", () => {
    expect(later({ ...base, ending: "told", verdict: ask() })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43: a person must decide: 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:10 note: Shadow mode: nothing was changed. In ask or auto mode I would have asked a person for this.",
      ]
    `);
  });
  test("of trouble without a way back", () => {
    expect(later({ ...base, ending: "told", verdict: ask({ plan: undefined }) })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43: a person must decide: 5xx 12.4 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
        "03:02:10 note: Nothing was changed. There is no safe way back that I could offer: a person is needed. Deploy a fix, or an older revision that you trust: whatever is deployed is watched.",
      ]
    `);
  });
  test("of trouble that is not the deployment's", () => {
    expect(later({ ...base, ending: "left", verdict: leave({ because: ["RDS shop-prod is at 97 %"] }) })).toMatchInlineSnapshot(`
      [
        "needs-person P2: shop-api:43: I am not rolling back: RDS shop-prod is at 97 %",
        "03:00:00 note: shop-api:43 began taking traffic",
        "03:02:10 blamed: RDS shop-prod is at 97 %",
        "03:02:10 note: evidence: evidence/guard/shop/ecs-svc/shop-api-43.txt (sha256 0123456789ab)",
      ]
    `);
  });
});

describe("a deployment that is left alone", () => {
  test("is on record only when nothing breached", () => {
    const told = tellGuard({ ...base, ending: "left", verdict: leave({ reason: "passed", breaches: [], because: ["all is well"] }) });
    expect(told).toEqual({ verdict: "passed", because: ["all is well"], incident: undefined, lines: [] });
  });

  test.each([
    ["passed", "resolved"],
    ["yield", "resolved"],
    ["not-deploy", "needs-person"],
    ["superseded", "needs-person"],
    ["held", "needs-person"],
    ["nothing-to-judge", "needs-person"],
    ["unsupported", "needs-person"],
    ["closed", "needs-person"],
  ] as const)("because %s, is %s", (reason, standing) => {
    expect(tellGuard({ ...base, ending: "left", verdict: leave({ reason }) }).incident?.standing).toBe(standing);
  });
});

test("every station of one piece of work is one incident, and lines said before keep their keys and words", () => {
  const stations: readonly GuardStory[] = [
    { ...base, ending: "asking", verdict: ask() },
    { ...base, ending: "acting", verdict: ask(), receipt },
    { ...base, ending: "acted", verdict: ask(), receipt, outcome: recovered("restored") },
  ];
  const words = new Map<string, string>();
  for (const { incident, lines } of stations.map(tellGuard)) {
    expect(incident?.id).toBe("INC-260314-0258-shop-api-i-43");
    expect(incident?.openedAt).toBe(at(60_000));
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
    for (const line of lines) {
      expect(words.get(line.key) ?? line.text).toBe(line.text);
      words.set(line.key, line.text);
    }
  }
});

test.each([
  [{ kind: "done", value: "accepted", already: true, at: at(1) } as const, "rollback of shop-api to shop-api:42 accepted by ECS"],
  [{ kind: "refused", because: "ann holds shop-api", at: at(1) } as const, "rollback of shop-api to shop-api:42: refused: ann holds shop-api"],
  [{ kind: "failed", because: "AccessDenied", at: at(1) } as const, "rollback of shop-api to shop-api:42: failed: AccessDenied"],
  [
    { kind: "unknown", because: "3 attempts", at: at(1) } as const,
    "rollback of shop-api to shop-api:42: no answer, and looking again did not settle it: 3 attempts",
  ],
])("a call that ended $kind is told as it is", (outcome, text) => {
  const moved = receipt.moved.map((one) => ({ ...one, outcome }));
  expect(tellGuard({ ...base, ending: "acting", verdict: rollBack, receipt: { ...receipt, moved } }).lines.at(-1)?.text).toBe(text);
});

test("the plan that is shown is the plan that is asked for", () => {
  expect(shortRevision(plan.members[0]?.to.taskDefinition ?? taskDefinitionArn("none"))).toBe("shop-api:42");
  expect(tellGuard({ ...base, ending: "asking", verdict: ask() }).lines.at(-1)?.text).toContain("/ops approve shop-api-43-to-42-ai43 ");
});
