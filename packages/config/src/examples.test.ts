import { checkConfig, type NightshiftConfig } from "@nightshift/config";
import { describe, expect, test } from "vitest";
import shop from "../../../nightshift.config.ts";
import accunode from "../../../examples/accunode.config.ts";
import customify from "../../../examples/customify.config.ts";
import leather from "../../../examples/leather-api.config.ts";
import sports from "../../../examples/sports-nutrition.config.ts";
import styling from "../../../examples/styling-adventures.config.ts";

const all: readonly (readonly [string, NightshiftConfig])[] = [
  ["shop", shop],
  ["customify", customify],
  ["leather", leather],
  ["styling", styling],
  ["accunode", accunode],
  ["nutrition", sports],
];

describe("every config that ships with Nightshift", () => {
  test.each(all)("%s has no problem and no warning", (product, config) => {
    const checked = checkConfig(config);
    expect(checked.problems).toEqual([]);
    expect(checked.warnings).toEqual([]);
    expect(checked.resolved?.product).toBe(product);
  });

  test("api and worker of the shop go back together", () => {
    expect(checkConfig(shop).resolved?.groups.map((group) => [group.group, group.services.map((service) => service.name)])).toEqual([
      ["shop", ["shop-api", "shop-worker"]],
    ]);
  });

  test("AccuNode's three triggers are its guide's", () => {
    expect(checkConfig(accunode).resolved?.groups[0]?.services[0]?.triggers).toEqual([
      { kind: "health-checks", moreThan: 3 },
      { kind: "error-rate", above: 5, for: 120_000, minRequests: 60, minErrors: 3, noData: "wait" },
      { kind: "latency", statistic: "p95", above: 2_000, for: 300_000, minRequests: 60, noData: "wait" },
      { kind: "task-crashes", atLeast: 2, share: 50 },
      { kind: "smoke-tests", failuresInARow: 2 },
    ]);
  });
});
