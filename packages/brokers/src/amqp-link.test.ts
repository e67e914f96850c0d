import { createServer, type Socket } from "node:net";
import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { amqpError, replyCode, saysNoSuch } from "./amqp-errors.ts";
import { openAmqp, vhostOf } from "./amqp-link.ts";

/** A server on loopback that does `greet` with whoever connects; returns what opening it said. */
async function openAt(greet: (socket: Socket) => void): Promise<unknown> {
  const server = createServer(greet);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    return await openAmqp(`amqp://shop:s3cret-pass@127.0.0.1:${port}/orders`).catch((error: unknown) => error);
  } finally {
    server.close();
  }
}

const coded = (code: number | string, message = "Operation failed") => Object.assign(new Error(message), { code });

describe("an address", () => {
  it.each([
    ["amqp://h", "/"],
    ["amqp://h/", "/"],
    ["amqp://u:p@h:5672//", "/"],
    ["amqps://u:p@h/orders", "orders"],
    ["amqp://h/%2F", "/"],
    ["amqp://h/at%20rest%2F1?heartbeat=5", "at rest/1"],
  ])("%s names the virtual host %s", (url, vhost) => {
    expect(vhostOf(url)).toBe(vhost);
  });

  it("with a percent sign that escapes nothing is refused in words that do not hold it", () => {
    expect(() => vhostOf("amqp://u:secret@h/%zz")).toThrow(
      "rabbitmq:connect on the broker: a % in its virtual host is not written as %25; the secret must hold amqp:// or amqps://USER:PASSWORD@HOST:PORT/VHOST",
    );
  });

  it.each(["", "rabbit", "redis://u:s3cret-pass@h", "amqp//u:s3cret-pass@h"])("%j is refused without being repeated", async (url) => {
    const error = await openAmqp(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "invalid", operation: "rabbitmq:connect" });
    expect(String(error)).toContain("the secret must hold amqp:// or amqps://USER:PASSWORD@HOST:PORT/VHOST");
    expect(String(error)).not.toContain("s3cret");
  });
});

describe("a broker that cannot be reached", () => {
  it("is unavailable when nobody listens there", async () => {
    const error = await openAmqp("amqp://shop:s3cret-pass@127.0.0.1:9/orders").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "unavailable" });
    expect(String(error)).toBe(
      "PortError: rabbitmq:connect on the broker: the connection was refused: nothing listens there, or a security group is in the way",
    );
  });

  it("is unavailable when it hangs up", async () => {
    const error = await openAt((socket) => socket.end());
    expect(error).toMatchObject({ kind: "unavailable" });
    expect(String(error)).not.toMatch(/s3cret|127\.0\.0\.1|shop/);
  });

  it("is no RabbitMQ when it speaks something else", async () => {
    const error = await openAt((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(error).toBeInstanceOf(PortError);
    expect(String(error)).not.toMatch(/s3cret|127\.0\.0\.1|shop/);
  });
});

describe("what RabbitMQ answers", () => {
  it.each([
    [coded(403), "denied"],
    [new Error('Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"'), "denied"],
    [coded(530), "denied"],
    [new Error("Expected ConnectionOpenOk; got <ConnectionClose channel:0>"), "denied"],
    [coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "denied"],
    [coded("ERR_TLS_CERT_ALTNAME_INVALID"), "denied"],
    [coded(404, `404 (NOT-FOUND) with message "NOT_FOUND - home node 'rabbit@b' of durable queue 'q' in vhost '/' is down or inaccessible"`), "unavailable"],
    [coded(405), "invalid"],
    [coded(406), "invalid"],
    [coded(320), "unavailable"],
    [coded(541), "unavailable"],
    [coded(540), "unsupported"],
    [coded("ENOTFOUND"), "unavailable"],
    [new Error("connect ETIMEDOUT"), "unavailable"],
    [new Error("Heartbeat timeout"), "unavailable"],
    [new Error("channel closed"), "unavailable"],
    [new Error("something of amqplib's own"), "invalid"],
    ["no error at all", "invalid"],
  ])("%s is sorted by who must act", (error, kind) => {
    const said = amqpError("check", error);
    expect(said).toMatchObject({ kind, operation: "rabbitmq:check", on: "the broker" });
    expect(said.cause).toBeUndefined();
  });

  it("a queue that is not there is told from one whose node is down", () => {
    expect(saysNoSuch(coded(404, `"NOT_FOUND - no queue 'celery' in vhost '/'"`))).toBe(true);
    expect(saysNoSuch(coded(404, `"NOT_FOUND - no exchange 'celeryev' in vhost '/'"`))).toBe(true);
    expect(saysNoSuch(coded(404, `"NOT_FOUND - home node 'rabbit@b' of durable queue 'q' in vhost '/' is down or inaccessible"`))).toBe(false);
    expect(saysNoSuch(coded(403, `"ACCESS_REFUSED - no queue 'celery'"`))).toBe(false);
  });

  it("a reply code is found on the error or in a refused handshake, and nowhere else", () => {
    expect(replyCode(coded(406))).toBe(406);
    expect(replyCode(new Error('Handshake terminated by server: 530 (NOT-ALLOWED) with message "x"'))).toBe(530);
    expect(replyCode(new Error("read 404 bytes"))).toBeUndefined();
    expect(replyCode("404")).toBeUndefined();
  });

  it("our own error is passed on as it is", () => {
    const own = new PortError("timeout", "rabbitmq:check", "the broker", "RabbitMQ did not answer within 2 s");
    expect(amqpError("connect", own)).toBe(own);
  });
});
