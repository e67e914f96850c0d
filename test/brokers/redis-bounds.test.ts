import type { RedisLink } from "@nightshift/brokers/connections";
import { probeRedis } from "@nightshift/brokers/redis/probe";
import { afterEach, describe, expect, it } from "vitest";
import { redisSettings, rowOf, wallClock } from "./harness/brokers.ts";
import { type RedisServerProcess, startRedis } from "./harness/redis.ts";

let redis: RedisServerProcess | undefined;
afterEach(async () => {
  await redis?.stop();
  redis = undefined;
});

// Half of them due, three in ten with an ETA, one in five of another queue, in no order; made inside Redis, which is quicker than sending them.
const fill = `
local rest = ', "content-encoding": "utf-8", "content-type": "application/json", "headers": {"lang": "py", "task": "nap", "eta": '
local body = '[{"body": "' .. string.rep('xxxxxxxxxx', tonumber(ARGV[3]) / 10) .. '"'
for n = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local roll = (n * 7919) % 1009 % 10
  local eta = roll < 3 and '"2099-01-01T00:00:00+00:00"' or 'null'
  local queue = roll >= 3 and roll < 5 and 'mail' or 'celery'
  local tail = rest .. eta .. ', "argsrepr": "[1]"}, "properties": {"delivery_info": {"exchange": "", "routing_key": "' .. queue .. '"}, "priority": 0}}, "", "' .. queue .. '"]'
  redis.call('HSET', 'unacked', 'tag-' .. n, body .. tail)
  redis.call('ZADD', 'unacked_index', n, 'tag-' .. n)
end`;

/** Passes every command on, and weighs what comes back for those that read messages. */
function weighed(link: RedisLink): { readonly link: RedisLink; readonly bodies: () => number; readonly bytes: () => number; readonly commands: () => number } {
  const readers = new Set(["HGET", "HMGET", "HVALS", "HGETALL", "HSCAN", "HRANDFIELD", "LINDEX", "LRANGE", "EVAL"]);
  let [bodies, bytes, commands] = [0, 0, 0];
  return {
    bodies: () => bodies,
    bytes: () => bytes,
    commands: () => commands,
    link: {
      ...link,
      call: async (command, ...args) => {
        commands += 1;
        const reply = await link.call(command, ...args);
        if (readers.has(command)) {
          for (const text of [reply].flat(3)) {
            bodies += 1;
            bytes += Buffer.byteLength(String(text ?? ""));
          }
        }
        return reply;
      },
    },
  };
}

// 5,000 messages of 1 MB take this machine 40 s to make, and 50,000 are 50 GB, which it does not hold: these sizes are proven over
// a link that weighs (packages/brokers/src/redis/probe.test.ts), and four hundred of them here.
describe.each([
  { count: 400, bytes: 1_000, a: "small", exact: true },
  { count: 5_000, bytes: 1_000, a: "large", exact: false },
  { count: 50_000, bytes: 1_000, a: "huge", exact: false },
  { count: 20, bytes: 1_000_000, a: "heavy", exact: true },
  { count: 400, bytes: 1_000_000, a: "monstrous", exact: false },
])("a $a unacked: $count messages of $bytes bytes", ({ count, bytes, exact }) => {
  it("is told within its bounds", async () => {
    redis = await startRedis();
    const own = await redis.link();
    const chunk = Math.max(1, Math.min(5_000, Math.floor(20_000_000 / bytes)));
    for (let from = 0; from < count; from += chunk) await own.call("EVAL", fill, 0, from, Math.min(count, from + chunk) - 1, bytes);
    const truth = { due: 0, later: 0 };
    for (let n = 0; n < count; n += 1) {
      const roll = ((n * 7_919) % 1_009) % 10;
      if (roll < 3) truth.later += 1;
      else if (roll >= 5) truth.due += 1;
    }
    await own.call("CONFIG", "RESETSTAT");

    const scale = weighed(own);
    const asked = { broker: redisSettings(redis.url), queues: ["celery"], heartbeats: false, acksLate: false };
    const began = performance.now();
    const reading = await probeRedis({ link: scale.link, database: 0 }, asked, { clock: wallClock, shared: false });
    const took = performance.now() - began;
    const row = rowOf(reading);
    expect(scale.bodies()).toBeLessThanOrEqual(500);
    expect(scale.bytes()).toBeLessThanOrEqual(4 * 1_024 * 1_024);
    expect(scale.commands()).toBeLessThan(5_000);
    const confidence = reading.kind === "seen" ? reading.queues[0]?.reserved?.confidence : undefined;
    if (exact) {
      expect(row).toMatchObject({ reserved: truth.due, dueLater: truth.later });
      expect(confidence).toBe(1);
    } else {
      expect(Math.abs((row.reserved ?? 0) - truth.due)).toBeLessThanOrEqual(truth.due * 0.1);
      expect(Math.abs((row.dueLater ?? 0) - truth.later)).toBeLessThanOrEqual(truth.later * 0.1);
      expect(confidence).toBeLessThan(1);
      expect(confidence).toBeGreaterThan(0.7);
    }
    // No single command holds Redis up for others: a script touches 2 MB at most, and one message.
    const scripts = /cmdstat_eval:calls=(\d+),usec=(\d+)/.exec(String(await own.call("INFO", "commandstats")));
    const longest = scripts === null ? 0 : Number(scripts[2]) / Number(scripts[1]) / 1_000;
    expect(longest).toBeLessThan(100);
    console.log(
      `unacked ${count} × ${bytes} B: ${scale.commands()} commands, ${scale.bodies()} bodies, ${Math.round(scale.bytes() / 1_024)} KiB, ${Math.round(took)} ms, ` +
        `scripts ${scripts?.[1] ?? 0} of ${longest.toFixed(1)} ms; due ${row.reserved} of ${truth.due}, later ${row.dueLater} of ${truth.later}, confidence ${confidence}`,
    );
  });
});
