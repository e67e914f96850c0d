import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Connections } from "@nightshift/aws/connect";
import { configText } from "@nightshift/cli/commands/init";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgered, nightshift, nowhere } from "./harness.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "nightshift-cli-"));
});
afterAll(async () => {
  const { rm } = await import("node:fs/promises");
  await rm(folder, { recursive: true });
});
const inFolder = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe("config check", () => {
  it("passes the config that comes with the clone", async () => {
    const { exit, out } = await nightshift(["config", "check"]);
    expect(exit).toBe(0);
    expect(out.at(-1)).toMatch(/^nightshift\.config\.ts is sound: 2 services in 1 group, mode (shadow|ask|auto)\.$/);
    expect(out.at(-2)).toBe(
      "shop: dumped at 02:00 UTC, restored and compared every night; 24 h lost at most. Its proofs cost about $1.17 a month at 20 minutes each, $3.50 at an hour.",
    );
    expect(out.at(-3)).toBe("shop-worker: celery in 2 m, with 2 to 10 workers; the shortest promise possible is 15 s, 1 m 20 s for sudden bursts.");
  });

  it("lists every problem at once, with path and remedy, and exits 2", async () => {
    const file = inFolder("wrong.config.ts", 'export default { product: "", mode: "yolo", services: { "shop-api": { kind: "ecs" } }, extra: 1 };');
    const { exit, out } = await nightshift(["config", "check", file]);
    expect(exit).toBe(2);
    const text = out.join("\n");
    for (const where of ["mode: expected", "services.shop-api.cluster: expected", "extra: expected"]) expect(text).toContain(where);
    expect(text.match(/→ /g)?.length).toBeGreaterThanOrEqual(4);
    const json = JSON.parse((await nightshift(["config", "check", file, "--json"])).out[0] ?? "null");
    expect([json.ok, json.problems.length >= 4]).toEqual([false, true]);
  });

  it("says in one paragraph that a file is missing, throws, or exports nothing", async () => {
    for (const [file, says] of [
      [path.join(folder, "none.config.ts"), "there is no such config file"],
      [inFolder("throws.config.ts", 'throw new Error("no DATABASE_URL");'), "could not be loaded: no DATABASE_URL"],
      [inFolder("nothing.config.ts", "export const config = 1;"), "has no default export"],
    ] as const) {
      const { exit, out, err } = await nightshift(["config", "check", file]);
      expect([exit, out, err.length]).toEqual([2, [], 1]);
      expect(err[0]).toContain(says);
      expect(err[0]).not.toContain("\n");
    }
  });
});

describe("init", () => {
  const targetGroupArn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/shop-api/73e2d6bc24d8a067";
  const answers: Readonly<Record<string, unknown>> = {
    ListClusters: { clusterArns: ["arn:aws:ecs:eu-central-1:111122223333:cluster/prod"] },
    ListServices: {
      serviceArns: ["arn:aws:ecs:eu-central-1:111122223333:service/prod/shop-worker", "arn:aws:ecs:eu-central-1:111122223333:service/prod/shop-api"],
    },
    DescribeServices: {
      services: [
        { serviceName: "shop-api", status: "ACTIVE", desiredCount: 2, loadBalancers: [{ targetGroupArn }] },
        { serviceName: "shop-worker", status: "ACTIVE", desiredCount: 1 },
        { serviceName: "shop-web", status: "ACTIVE", desiredCount: 1, deploymentController: { type: "CODE_DEPLOY" } },
        { serviceName: "gone", status: "INACTIVE", desiredCount: 0 },
      ],
    },
    DescribeTargetGroups: {
      TargetGroups: [{ LoadBalancerArns: ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"] }],
    },
  };
  const sent: string[] = [];
  const send = async (command: object): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, "");
    sent.push(operation);
    return answers[operation];
  };
  // One `send` stands for every client, whose overloads no single function can have.
  const connections = { ecs: async () => ({ send }), elbv2: async () => ({ send }) } as unknown as Connections;
  const place = () => nowhere({ directory: folder, environment: { AWS_REGION: "eu-central-1" }, connections: () => connections });

  it("writes a sound config in shadow mode, and only reads", async () => {
    const { exit, out } = await nightshift(["init"], place());
    expect(exit).toBe(0);
    expect(out[0]).toBe("Wrote nightshift.config.ts: 2 of 3 services of eu-central-1, in shadow mode. Nothing in the account was changed.");
    const text = readFileSync(path.join(folder, "nightshift.config.ts"), "utf8");
    expect(text).toContain('traffic: { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067" }');
    expect(text).toContain("// prod/shop-web: deployed by CODE_DEPLOY");
    expect(text).not.toContain("gone");
    expect(new Set(sent)).toEqual(new Set(["ListClusters", "ListServices", "DescribeServices", "DescribeTargetGroups"]));
    const checked = await nightshift(["config", "check"], place());
    expect([checked.exit, checked.err]).toEqual([0, []]);
    expect(checked.out.at(-1)).toBe("nightshift.config.ts is sound: 2 services in 2 groups, mode shadow.");
  });

  it("never overwrites a file", async () => {
    const file = inFolder("mine.config.ts", "// mine");
    const { exit, err } = await nightshift(["init", "--out", file], place());
    expect(exit).toBe(2);
    expect(err[0]).toContain("is there already and was not touched");
    expect(readFileSync(file, "utf8")).toBe("// mine");
  });

  it("names the clusters there are when another one was asked for", async () => {
    const { exit, err } = await nightshift(["init", "--cluster", "prd", "--out", "x.ts"], place());
    expect([exit, err[0]]).toEqual([
      2,
      'There is no ECS service in the cluster "prd" in eu-central-1; did you mean "prod"? Nothing was written. Clusters with services: prod.',
    ]);
  });

  it("leaves out services whose name two clusters use, and says so", () => {
    const worker = { name: "worker", desired: 1, unusual: undefined, traffic: undefined };
    const text = configText(
      [
        { ...worker, cluster: "a" },
        { ...worker, cluster: "b" },
        { ...worker, cluster: "a", name: "api" },
      ],
      "eu-central-1",
    );
    expect(text.match(/ecs\(\{/g)).toHaveLength(1);
    expect(text).toContain("// b/worker: the name is used in several clusters");
  });
});

describe("guard doctor", () => {
  it("reads a runbook without an account, and exits 1 when it would hurt", async () => {
    const file = inFolder("RUNBOOK.md", "# Rollback\n\n1. `redis-cli FLUSHALL`\n2. wait\n");
    const { exit, out } = await nightshift(["guard", "doctor", "--runbook", file]);
    expect(exit).toBe(1);
    expect(out[0]).toContain(`${file}:3:`);
    expect(out.at(-1)).toMatch(/1 dangerous \(✗\)/);
  });

  it("finds nothing in a harmless runbook", async () => {
    const file = inFolder("CALM.md", "# Rollback\n\nAsk the on-call engineer.\n");
    expect(await nightshift(["guard", "doctor", "--runbook", file])).toEqual({ exit: 0, out: [`Nothing found in ${file}.`], err: [], asked: [] });
  });

  it("examines the services of an account, and says what it could not read", async () => {
    const account = await ledgered();
    account.world.product({
      name: "shop",
      cluster: "shop-prod",
      services: [
        { name: "shop-api", traffic: { rpm: 600 } },
        { name: "shop-worker", worker: { queue: "q", jobsPerMinute: 60 } },
      ],
    });
    const { exit, out } = await account.nightshift(["guard", "doctor", "--config", "test/cli/shop.config.ts", "--json"]);
    const { findings, unread } = JSON.parse(out[0] ?? "null");
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings)
      expect([finding.id, finding.about, finding.remedy]).toEqual([expect.stringMatching(/^D\d+$/), expect.any(String), expect.any(String)]);
    expect(exit).toBe(findings.some((finding: { severity: string }) => finding.severity === "danger") ? 1 : 0);
    expect(Array.isArray(unread)).toBe(true);
    const shown = await account.nightshift(["guard", "doctor", "--config", "test/cli/shop.config.ts"]);
    expect(shown.out.length).toBeLessThan(31);
  });
});
