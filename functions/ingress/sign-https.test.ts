import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { ms, seconds } from "@nightshift/model";
import { expect, it } from "vitest";
import { postOver } from "./sign-https.ts";

/** A machine on the loopback that plays AWS for one test. */
async function serving<T>(listener: RequestListener, it: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  try {
    return await it(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it("brings the body and headers there, and status and text back", async () => {
  const seen: string[] = [];
  const answer = await serving(
    (request, response) => {
      request.on("data", (part: Buffer) => seen.push(part.toString()));
      request.on("end", () => response.writeHead(400).end(`${request.method} ${request.headers["x-amz-target"]} ${request.headers["content-length"]} é`));
    },
    (url) => postOver(seconds(5))({ url, headers: { "x-amz-target": "A.B" }, body: "grüße" }),
  );
  expect(answer).toEqual({ status: 400, text: "POST A.B 7 é" });
  expect(seen.join("")).toBe("grüße");
});

it("gives up when nothing comes in time", async () => {
  await serving(
    () => undefined,
    (url) => expect(postOver(ms(30))({ url, headers: {}, body: "" })).rejects.toThrow("aborted"),
  );
});

it("gives up when nobody listens", async () => {
  const gone = await serving(
    () => undefined,
    async (url) => url,
  );
  await expect(postOver(seconds(5))({ url: gone, headers: {}, body: "" })).rejects.toThrow("ECONNREFUSED");
});

it("reads no endless answer", async () => {
  await serving(
    (_, response) => response.end(Buffer.alloc(256_001)),
    (url) => expect(postOver(seconds(5))({ url, headers: {}, body: "" })).rejects.toThrow("longer than 256000 bytes"),
  );
  await serving(
    (_, response) => response.end(Buffer.alloc(256_000, 120)),
    (url) => expect(postOver(seconds(5))({ url, headers: {}, body: "" })).resolves.toMatchObject({ status: 200, text: "x".repeat(256_000) }),
  );
});
