import { guarded, settingsFor, worker } from "@nightshift/decide/fixtures";
import { incidentFixture, later } from "@nightshift/decide/incidents/incident.fixture";
import { decideScaling, firstScalingState } from "@nightshift/decide/scaling/decide-scaling";
import { look as lookFixture, usual } from "@nightshift/decide/scaling/scaling.fixture";
import {
  ecsDeploymentId,
  epochMs,
  identityKey,
  type ScalingDecision,
  type ServiceDeployment,
  type ServiceRevision,
  serviceDeploymentArn,
  serviceRevisionArn,
  type TaskFacts,
  taskDefinitionArn,
  digest,
} from "@nightshift/model";
import { type Chart, PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { type EvidenceWorld, gatherEvidence } from "./gather.ts";

const api = guarded("shop-api", { traffic: { loadBalancer: "app/shop/1", targetGroup: "targetgroup/api/1" } });
const groups = [settingsFor(api, worker("shop-worker"))];
const definition = (revision: number) => taskDefinitionArn(`arn:aws:ecs:eu-west-1:123456789012:task-definition/api:${revision}`);

const revision = (n: number, bytes: string, config = "same"): ServiceRevision => ({
  arn: serviceRevisionArn(`r${n}`),
  createdAt: later(-60),
  labels: n === 43 ? { commit: "8f3c2a1d99", pullRequest: "412" } : {},
  identity: {
    key: identityKey(`k${n}`),
    images: [{ container: "app", image: "api", digest: digest(`sha256:${bytes.repeat(64)}`) }],
    taskDefinition: definition(n),
    taskDefinitionHash: String(n),
    configHash: config,
  },
});
const deployment: ServiceDeployment = {
  arn: serviceDeploymentArn("d1"),
  status: "SUCCESSFUL",
  createdAt: later(-60),
  finishedAt: undefined,
  source: [serviceRevisionArn("r42")],
  target: serviceRevisionArn("r43"),
  rollback: undefined,
  circuitBreaker: undefined,
  alarms: undefined,
};
const task = (id: string, stoppedAt?: number): TaskFacts => ({
  id,
  startedBy: ecsDeploymentId("ecs-svc/1"),
  taskDefinition: definition(43),
  digests: [],
  lastStatus: stoppedAt === undefined ? "RUNNING" : "STOPPED",
  health: "UNKNOWN",
  startedAt: later(-50),
  stopped:
    stoppedAt === undefined
      ? undefined
      : { at: later(stoppedAt), code: "EssentialContainerExited", reason: "Essential container in task exited", exitCodes: [1], cause: "app" },
  ip: undefined,
  logs: [{ group: "/ecs/api", stream: id }],
});

interface Stage {
  readonly world: EvidenceWorld;
  readonly charts: Chart[];
  readonly kept: Map<string, string | Uint8Array>;
}
function stage(over: Partial<EvidenceWorld> = {}, tasks: readonly TaskFacts[] = [task("running1")]): Stage {
  const charts: Chart[] = [];
  const kept = new Map<string, string | Uint8Array>();
  const keep = async (key: string, what: string | Uint8Array) => {
    kept.set(key, what);
    return { key, sha256: `hash of ${key}` };
  };
  // Only what gathering asks for is played; anything else would fail the test loudly.
  const services = {
    recentDeployments: async () => [deployment],
    revisions: async () => [revision(42, "a"), revision(43, "b")],
    tasks: async () => tasks,
  } as unknown as EvidenceWorld["services"];
  const world: EvidenceWorld = {
    clock: { now: () => later(30) },
    services,
    taskDefinitions: {
      describe: async (arn) => ({
        arn,
        active: true,
        pinned: true,
        environment: arn === definition(43) ? { FEATURE_CART: "2", NEW: "1" } : { FEATURE_CART: "1", OLD: "1" },
      }),
    },
    metrics: { read: async (queries) => queries.map(({ id }) => ({ id, complete: true, points: [{ at: epochMs(later(0)), value: 0.001 }] })) },
    logs: { tail: async (_group, stream) => [`${stream}: started`, `${stream}: ERROR connection refused`] },
    charts: {
      draw: async (chart) => {
        charts.push(chart);
        return new Uint8Array([137, 80]);
      },
    },
    evidence: { save: keep, savePicture: keep, picture: async () => new Uint8Array() },
    // Nothing CI said of these revisions stands in the ledger.
    revisions: { list: async () => [] } as unknown as EvidenceWorld["revisions"],
    signals: {} as unknown as EvidenceWorld["signals"],
    scalingBook: { decisions: async () => [] } as unknown as EvidenceWorld["scalingBook"],
    ...over,
  };
  return { world, charts, kept };
}
const gather = ({ world }: Stage, occasion: "opened" | "resolved" = "opened", over: Parameters<typeof incidentFixture>[0] = {}) =>
  gatherEvidence(world, incidentFixture(over), { groups, occasion });
const linesOf = (found: Awaited<ReturnType<typeof gather>>, kind: string) => found.find((one) => one.kind === kind)?.lines;

describe("evidence of an incident", () => {
  test("is the chart, the deployments, the runbook and the logs, in the order a person asks for them", async () => {
    const found = await gather(stage());
    expect(found.map((one) => one.kind)).toEqual(["chart", "deployments", "diagnosis", "logs"]);
  });
  test("the deployment says what changed: bytes, names of variables, commit and pull request, and never a value", async () => {
    expect(linesOf(await gather(stage()), "deployments")).toEqual([
      "2026-03-16 03:11:00  api:43 (commit 8f3c2a1, #412) successful: image of app: sha256:aaaaaaaaaaaa… → sha256:bbbbbbbbbbbb…; environment added NEW; environment removed OLD; environment changed FEATURE_CART",
    ]);
  });
  test("the chart begins 45 minutes before the first sign and marks the suspect and what was done", async () => {
    const it = stage();
    const acted = { key: "60", at: later(14), kind: "acted", text: "rollback accepted", announce: true } as const;
    const found = await gather(it, "opened", { suspect: { what: "api:43", at: later(-60) }, entries: [acted] });
    expect(it.charts[0]).toMatchObject({
      from: later(-2_700),
      to: later(30),
      marks: [
        { at: later(-60), text: "api:43" },
        { at: later(14), text: "rollback accepted" },
      ],
    });
    expect(found[0]?.stored).toEqual({
      key: "incidents/INC-260316-0312-shop-api-7f3a/opened.png",
      sha256: "hash of incidents/INC-260316-0312-shop-api-7f3a/opened.png",
      type: "image/png",
    });
  });
  test("a worker's chart shows CPU and memory", async () => {
    const it = stage();
    await gather(it, "opened", { service: "shop-worker" });
    expect(it.charts[0]?.series.map((one) => one.metric)).toEqual(["CPUUtilization", "MemoryUtilization"]);
  });
  test("stopped tasks are told newest first, five of them, and their logs are read before those of running ones", async () => {
    const it = stage({}, [task("running1"), ...[1, 2, 3, 4, 5, 6].map((n) => task(`dead${n}xxxxxx`, n))]);
    const found = await gather(it);
    expect(linesOf(found, "stopped-tasks")).toHaveLength(6);
    expect(linesOf(found, "stopped-tasks")?.[0]).toBe("03:12:06  task dead6xxx stopped (EssentialContainerExited, exit 1): Essential container in task exited");
    expect(linesOf(found, "stopped-tasks")?.[5]).toBe("and 1 more in the last hour");
    expect(linesOf(found, "logs")).toEqual([
      "Last 4 log lines of 2 tasks, 2 of them errors:",
      "dead6xxxxxx: ERROR connection refused",
      "dead5xxxxxx: ERROR connection refused",
    ]);
    expect(it.kept.get("incidents/INC-260316-0312-shop-api-7f3a/logs.txt")).toContain("--- /ecs/api dead6xxxxxx");
  });
  test("a task that was asked to stop is no sign of trouble, and one without a stream has nothing to show", async () => {
    const asked = {
      ...task("asked111", 9),
      stopped: { at: later(9), code: "ServiceSchedulerInitiated", reason: "Scaling activity", exitCodes: [], cause: "asked" as const },
    };
    const silent = { tail: () => Promise.reject(new PortError("not-found", "logs:GetLogEvents", "stream", "does not exist")) };
    const found = await gather(stage({ logs: silent }, [asked, task("running1")]));
    expect(found.map((one) => one.kind)).toEqual(["chart", "deployments", "diagnosis"]);
  });
  test("a line that comes again and again is shown once, with how often", async () => {
    const again = { tail: async () => ["started", ...Array.from({ length: 9 }, () => "ERROR a"), "ERROR b"] };
    expect(linesOf(await gather(stage({ logs: again })), "logs")).toEqual([
      "Last 11 log lines of one task, 10 of them errors:",
      "ERROR a (9 times)",
      "ERROR b",
    ]);
  });
  test("what cannot be read is said in its place, and the rest is there", async () => {
    const denied = { draw: () => Promise.reject(new PortError("denied", "cloudwatch:GetMetricWidgetImage", "shop-api", "not allowed")) };
    const found = await gather(stage({ charts: denied }));
    expect(found.map((one) => one.kind)).toEqual(["chart", "deployments", "diagnosis", "logs"]);
    expect(linesOf(found, "chart")).toEqual(["chart: could not be read: cloudwatch:GetMetricWidgetImage on shop-api: not allowed"]);
  });
  test("a bug of ours is no missing evidence", async () => {
    await expect(gather(stage({ charts: { draw: () => Promise.reject(new TypeError("undefined")) } }))).rejects.toThrow("undefined");
  });
  test("at the end one more chart compares before and after", async () => {
    const found = await gather(stage(), "resolved");
    expect(found.map((one) => one.stored?.key)).toEqual(["incidents/INC-260316-0312-shop-api-7f3a/resolved.png"]);
  });
  test("an incident of something that is no service of ours has none", async () => {
    expect(await gather(stage(), "opened", { service: "nightshift" })).toEqual([]);
  });
});

describe("a queue that stands", () => {
  const decision: ScalingDecision = {
    service: "shop-worker",
    at: later(29),
    observation: lookFixture(later(29), { waiting: 400, desired: 2 }),
    from: firstScalingState(later(0)),
    verdict: decideScaling(lookFixture(later(29), { waiting: 400, desired: 2 }), firstScalingState(later(0)), usual),
  };
  const scalingBook = { decisions: async () => [decision] } as unknown as EvidenceWorld["scalingBook"]; // Only what gathering asks for is played.

  test("is shown as the scaler saw it last, with its age", async () => {
    const found = linesOf(await gather(stage({ scalingBook }), "opened", { service: "shop-worker" }), "diagnosis") ?? [];
    expect(found.filter((line) => line.startsWith("the scaler, "))).toEqual([expect.stringMatching(/^the scaler, 1 s ago: .* 2 → \d+ workers$/)]);
    expect(found.some((line) => line.startsWith("  queue: 400 waiting"))).toBe(true);
  });

  test("of a service with traffic is not asked about", async () => {
    const found = linesOf(await gather(stage({ scalingBook }), "opened", { service: "shop-api" }), "diagnosis") ?? [];
    expect(found.some((line) => line.startsWith("the scaler"))).toBe(false);
  });
});
