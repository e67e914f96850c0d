import { createServer } from "node:net";
import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { type Connection, connectTo } from "./session.ts";
import { isLoopback, waysTo } from "./tls.ts";

const connection = (port: number, sslMode?: string): Connection => ({
  host: "127.0.0.1",
  port,
  user: "shop",
  password: "hunter2",
  database: "shop",
  name: "test",
  sslMode,
  sslRootCert: undefined,
});

test("an error of the connection holds neither password, user nor address", async () => {
  // A server that ends every connection without a word.
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const error: unknown = await connectTo(connection(port, "disable"))().catch((thrown: unknown) => thrown);
  server.close();
  expect(error).toBeInstanceOf(PortError);
  expect(error).toMatchObject({ kind: "unavailable" });
  expect(String(error)).not.toMatch(/hunter2|shop|127\.0\.0\.1/);
  expect(JSON.stringify(error)).not.toMatch(/hunter2|127\.0\.0\.1/);
});

test("a server without TLS is said to be one where the address asks for it, with what to do", async () => {
  // What a server without TLS answers to the request for it.
  const server = createServer((socket) => socket.on("data", () => socket.write("N")).on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const error: unknown = await connectTo(connection(port, "require"))().catch((thrown: unknown) => thrown);
  server.close();
  expect(error).toMatchObject({
    kind: "invalid",
    message:
      "sql:connect on database: the server offers no TLS, and sslmode=require asks for it; turn ssl on there, or say sslmode=prefer if the network between may be trusted",
  });
});

test("a run that is given up does not wait for a server that says nothing", async () => {
  const stop = new AbortController();
  const server = createServer((socket) => socket.on("error", () => undefined).once("data", () => stop.abort(new Error("given up"))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const began = performance.now();
  await expect(connectTo(connection(port, "disable"), stop.signal)()).rejects.toThrow("given up");
  server.close();
  // A connection may take 20 s.
  expect(performance.now() - began).toBeLessThan(10_000);
});

test("nothing is opened once the run was given up", async () => {
  await expect(connectTo(connection(1), AbortSignal.abort(new Error("given up")))()).rejects.toThrow("given up");
});

test.each([
  ["disable", [false]],
  ["prefer", [{ rejectUnauthorized: false }, false]],
  ["require", [{ rejectUnauthorized: false }]],
  ["verify-full", [{ servername: "db.internal" }]],
])("sslmode %s", async (sslMode, expected) => {
  expect(await waysTo({ host: "db.internal", sslMode, sslRootCert: undefined })).toEqual(expected);
});

test("without a word about it, a socket is plain and a host is tried with encryption first", async () => {
  expect(await waysTo({ host: "/run/postgresql", sslMode: undefined, sslRootCert: undefined })).toEqual([false]);
  expect(await waysTo({ host: "db.internal", sslMode: undefined, sslRootCert: undefined })).toEqual([{ rejectUnauthorized: false }, false]);
});

test("an sslmode that libpq does not know is refused", async () => {
  await expect(waysTo({ host: "db.internal", sslMode: "verify", sslRootCert: undefined })).rejects.toMatchObject({ kind: "invalid" });
});

test.each([
  ["the password itself", Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])],
  ["its MD5", Buffer.from([0x52, 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4])],
])("a server that asks for %s gets nothing where only SCRAM is taken", async (_, request) => {
  const heard: Buffer[] = [];
  const server = createServer((socket) =>
    socket
      .on("data", (data) => {
        heard.push(data);
        if (heard.length === 1) socket.write(request);
        else socket.destroy();
      })
      .on("error", () => undefined),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const asked = { ...connection(port, "disable"), scramOnly: true };
  const error: unknown = await connectTo(asked)().catch((thrown: unknown) => thrown);
  server.close();
  expect(error).toMatchObject({ kind: "denied" });
  expect(String(error)).toContain("the server asked for the password itself or its MD5, and gets neither here");
  // Type `p` is a password message; the first message is the connection's start.
  expect(heard.slice(1).filter((data) => data[0] === 0x70)).toEqual([]);
  expect(Buffer.concat(heard).toString("latin1")).not.toContain("hunter2");
});

test("this machine is known by all of its names", () => {
  expect(["/tmp", "localhost", "::1", "127.0.0.1", "127.8.9.1"].map(isLoopback)).toEqual([true, true, true, true, true]);
  expect(["127.0.0.1.attacker.example", "localhost.attacker.example", "10.0.0.1", "db"].map(isLoopback)).toEqual([false, false, false, false]);
});
