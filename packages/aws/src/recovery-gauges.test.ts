import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { recoveryGaugesFrom } from "./recovery-gauges.ts";

const at = epochMs(1_795_226_400_000);

async function printed(figures: Parameters<ReturnType<typeof recoveryGaugesFrom>["publish"]>[2]): Promise<readonly unknown[]> {
  const lines: string[] = [];
  await recoveryGaugesFrom((line) => void lines.push(line)).publish("shop", at, figures);
  return lines.map((line): unknown => JSON.parse(line));
}

describe("gauges of recovery", () => {
  it("are one line of embedded metrics, in seconds, by the database's name", async () => {
    expect(await printed({ rpoSeconds: 192, newestVerifiedAgeSeconds: 0, rtoSeconds: 900 })).toEqual([
      {
        _aws: {
          Timestamp: 1_795_226_400_000,
          CloudWatchMetrics: [
            {
              Namespace: "Nightshift",
              Dimensions: [["Backup"]],
              Metrics: [
                { Name: "RecoveryPoint", Unit: "Seconds" },
                { Name: "NewestVerifiedAge", Unit: "Seconds" },
                { Name: "RecoveryTime", Unit: "Seconds" },
              ],
            },
          ],
        },
        Backup: "shop",
        RecoveryPoint: 192,
        NewestVerifiedAge: 0,
        RecoveryTime: 900,
      },
    ]);
  });

  it("leave out what is unknown, so that its absence rings", async () => {
    const [line] = await printed({ rtoSeconds: 900, rpoSeconds: Number.NaN });
    expect(line).toMatchObject({ _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "RecoveryTime", Unit: "Seconds" }] }] }, RecoveryTime: 900 });
    expect(Object.keys(Object(line))).toEqual(["_aws", "Backup", "RecoveryTime"]);
    expect(await printed({})).toEqual([]);
  });
});
