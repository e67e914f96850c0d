import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { redisAddress, redisDatabase } from "./address.ts";
import { spread } from "./budget.ts";
import { dueRows } from "./due.ts";
import { readEntry } from "./entry.ts";
import { redisError } from "./errors.ts";
import { delivered, message } from "./redis.fixture.ts";

describe("a stored message", () => {
  it("says the same whole and from its end alone", () => {
    const entry = delivered({
      queue: "mail",
      exchange: "tasks",
      eta: "2026-11-21T09:00:00.5+00:00",
      bytes: 9_000,
      headers: { published_at: 1_795_251_600.25 },
    });
    const expected = { exchange: "tasks", routingKey: "mail", eta: epochMs(1_795_251_600_500), publishedAt: epochMs(1_795_251_600_250) };
    expect(readEntry(entry)).toEqual(expected);
    expect(readEntry(entry.slice(-1_000))).toEqual(expected);
    const waiting = message({ queue: "mail", eta: "2026-11-21T11:00:00+02:00", bytes: 9_000 });
    expect(readEntry(waiting.slice(-1_000))).toEqual({ exchange: "", routingKey: "mail", eta: epochMs(1_795_251_600_000), publishedAt: undefined });
  });

  it("an ETA without a zone is UTC, and one that is none is at once", () => {
    expect(readEntry(message({ eta: "2026-11-21T09:00:00" }))?.eta).toBe(epochMs(1_795_251_600_000));
    expect(readEntry(message({ eta: "soon" }))?.eta).toBeUndefined();
  });

  it("what is not Celery's is not understood", () => {
    expect([readEntry("PING"), readEntry("[]"), readEntry('"x"'), readEntry(delivered().slice(-40))]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe("when tasks become due", () => {
  const every = (count: number, ms: number) => Array.from({ length: count }, (_, n) => ({ at: epochMs(1_800_000_000_000 + n * ms), tasks: 1 }));
  it("is told by the second while 60 rows hold it, then coarser, never too late", () => {
    expect(dueRows(every(60, 1_000))).toHaveLength(60);
    expect(dueRows(every(61, 1_000))).toHaveLength(13);
    expect(dueRows(every(61, 1_000))[12]).toEqual({ at: epochMs(1_800_000_060_000), tasks: 1 });
    expect(dueRows([{ at: epochMs(1_800_000_000_999), tasks: 2.6 }])).toEqual([{ at: epochMs(1_800_000_000_000), tasks: 3 }]);
  });

  it("the last row holds the rest, from where it begins", () => {
    const rows = dueRows(every(100, 3_600_000));
    expect([rows.length, rows[58]?.tasks, rows[59]]).toEqual([60, 1, { at: epochMs(1_800_000_000_000 + 59 * 3_600_000), tasks: 41 }]);
  });
});

describe("picks", () => {
  it("are all while there are no more than wanted, then one a stratum, the same every time", () => {
    expect(spread(3, 3)).toEqual([0, 1, 2]);
    const picks = spread(10_000, 100);
    expect(picks.every((place, n) => place >= n * 100 && place < (n + 1) * 100)).toBe(true);
    expect(spread(10_000, 100)).toEqual(picks);
    expect(new Set(picks.map((place) => place % 100)).size).toBeGreaterThan(40);
  });
});

describe("an address", () => {
  it("tells host, port, database, user, password and TLS", () => {
    expect(redisAddress("redis://cache.internal")).toEqual({ host: "cache.internal", port: 6_379, db: 0 });
    expect(redisAddress("rediss://me:p%40ss@[::1]:7000/4")).toEqual({ host: "::1", port: 7_000, db: 4, username: "me", password: "p@ss", tls: {} });
    expect(redisAddress(" redis://:pass@h/0\n")).toEqual({ host: "h", port: 6_379, db: 0, password: "pass" });
    expect([redisDatabase("redis://h"), redisDatabase("redis://h/"), redisDatabase("redis://h?db=5"), redisDatabase("redis://h/15")]).toEqual([0, 0, 5, 15]);
  });

  it.each(["hunter2", "http://:hunter2@h/0", "redis://:hunter2@h/x", "redis://:hunter2%@h/0"])("%s is refused without being repeated", (url) => {
    expect(() => redisAddress(url)).toThrow("the secret must hold redis:// or rediss://USER:PASSWORD@HOST:PORT/DB");
    expect(() => redisAddress(url)).not.toThrow("hunter2");
  });
});

describe("an error of Redis", () => {
  const coded = (code: string): Error => Object.assign(new Error(`connect ${code} 10.0.0.5:6379 redis://:hunter2@h`), { code });
  it.each([
    [coded("ECONNREFUSED"), "unavailable", "the connection was refused"],
    [coded("ENOTFOUND"), "unavailable", "its host name has no address"],
    [coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "denied", "the TLS certificate was not accepted"],
    [new Error("Command timed out"), "timeout", "Redis did not answer in time"],
    [new Error("MOVED 3999 127.0.0.1:6381"), "unsupported", "cluster mode"],
    [new Error("ERR SELECT is not allowed in cluster mode"), "unsupported", "cluster mode"],
    [new Error("ERR DB index is out of range"), "invalid", "no database of this number"],
    [new Error("NOPERM this user has no permissions to run the 'info' command"), "denied", "extend its ACL"],
    [new Error("ERR unknown command 'HELLO'"), "unsupported", "does not know this command"],
    [new Error("Connection is closed."), "unavailable", "the connection was closed"],
    [new Error("ERR something hunter2"), "invalid", "Redis answered ERR"],
    ["odd", "invalid", "Redis could not be reached"],
  ])("%s is %s: %s", (error, kind, says) => {
    const told = redisError("info", error);
    expect([told.kind, told.message.includes(says), told.cause]).toEqual([kind, true, undefined]);
    expect(told.message).not.toMatch(/hunter2|10\.0\.0\.5/);
  });
});
