import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { ms, type SmokeTest } from "@nightshift/model";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";
import { probesFrom } from "./http-probes.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server on loopback that answers like this; its address. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  // A TCP server's address is this shape.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

const test = (url: string, changes: Partial<SmokeTest> = {}): SmokeTest => ({ name: "health", url, method: "GET", status: 200, within: ms(2_000), ...changes });
const run = (one: SmokeTest) => probesFrom(systemClock).run(one);
const says =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(body);

describe("a smoke test", () => {
  it("passes when status and value are as expected", async () => {
    const url = await serve(says(200, '{"db":{"ok":true},"replicas":[{"name":"a"}]}'));
    expect(await run(test(url, { json: { path: "db.ok", equals: true } }))).toMatchObject({ name: "health", ok: true });
    expect(await run(test(url, { json: { path: "replicas.0.name", equals: "a" } }))).toMatchObject({ ok: true });
  });

  it.each([
    [500, "{}", {}, "answered 500, expected 200"],
    [302, "", {}, "answered 302, expected 200"],
    [200, "<html>", { json: { path: "ok", equals: true } }, "the answer is not JSON"],
    [200, '{"ok":"true"}', { json: { path: "ok", equals: true } }, 'ok is "true", expected true'],
    [200, '{"db":null}', { json: { path: "db.ok", equals: true } }, "db.ok is absent, expected true"],
    [200, "{}", { json: { path: "constructor.name", equals: "Object" } }, 'constructor.name is absent, expected "Object"'],
    [200, "x".repeat(262_145), {}, "the answer is longer than 256 kB"],
  ])("fails on %i %.20s and says why", async (status, body, changes, because) => {
    expect(await run(test(await serve(says(status, body)), changes))).toMatchObject({ ok: false, because });
  });

  it("reads a body of exactly 256 kB", async () => {
    expect(await run(test(await serve(says(200, "x".repeat(262_144)))))).toMatchObject({ ok: true });
  });

  it("fails when there is no answer in time, also when the answer only begins", async () => {
    expect(await run(test(await serve(() => {}), { within: ms(50) }))).toMatchObject({ ok: false, because: "no answer within 50 ms" });
    expect(await run(test(await serve((_, response) => void response.writeHead(200).write("a")), { within: ms(50) }))).toMatchObject({ ok: false });
  });

  it("fails when nobody listens, without showing the URL", async () => {
    const result = await run(test("http://user:secret@127.0.0.1:1/health"));
    expect(result).toMatchObject({ ok: false, because: "the request failed: ECONNREFUSED" });
  });

  it("fails on a URL that is none", async () => {
    expect(await run(test("not a url"))).toMatchObject({ ok: false });
  });
});
