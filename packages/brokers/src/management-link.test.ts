import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { openManagement } from "./management-link.ts";

/** Asks a server on loopback that answers as `serve` says; returns the answer or the error. */
async function ask(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  login = "shop:s3cret%2Fpass",
  path = "/api/queues/%2F/celery",
): Promise<unknown> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    return await openManagement(`http://${login}@127.0.0.1:${port}/`)
      .get(path)
      .catch((error: unknown) => error);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const mebibyte = 1_024 * 1_024;
/** A JSON text of so many bytes. */
const sized = (bytes: number): string => `"${"x".repeat(bytes - 2)}"`;

describe("the management API", () => {
  it("is asked with the secret's user and password, unescaped, on the path as given", async () => {
    const heard: (string | undefined)[] = [];
    await ask((request, response) => {
      heard.push(request.method, request.url, request.headers.authorization);
      response.end("{}");
    });
    expect(heard).toEqual(["GET", "/api/queues/%2F/celery", `Basic ${Buffer.from("shop:s3cret/pass").toString("base64")}`]);
  });

  it.each([200, 401, 404, 500])("passes the status %d and the parsed body on", async (status) => {
    const answer = await ask((_request, response) => response.writeHead(status).end('{"reason":"x"}'));
    expect(answer).toEqual({ status, body: { reason: "x" } });
  });

  it("reads 4 MiB and not one byte more", async () => {
    const answer = (await ask((_request, response) => response.end(sized(4 * mebibyte)))) as { readonly body: string }; // as the server above answers
    expect(answer.body).toHaveLength(4 * mebibyte - 2);
    expect(await ask((_request, response) => response.end(sized(4 * mebibyte + 1)))).toMatchObject({ kind: "invalid" });
  });

  it("follows no redirect, which would carry the password away", async () => {
    const answer = await ask((request, response) => {
      if (request.url === "/elsewhere") response.end("{}");
      else response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(answer).toMatchObject({ kind: "unavailable" });
  });

  it("is not understood when it answers something else than JSON", async () => {
    expect(await ask((_request, response) => response.end("<html>"))).toMatchObject({ kind: "invalid" });
  });

  it.each([
    ["hangs up", (_request: IncomingMessage, response: ServerResponse) => void response.destroy()],
    ["breaks off", (_request: IncomingMessage, response: ServerResponse) => void response.write('{"a":', () => response.destroy())],
  ])("is unavailable when it %s, in words that hold no address", async (_how, serve) => {
    const error = await ask(serve);
    expect(error).toMatchObject({ kind: "unavailable", operation: "rabbitmq:GET" });
    expect(`${error} ${JSON.stringify(error)}`).not.toMatch(/s3cret|127\.0\.0\.1|shop/);
  });

  it("is unavailable when nobody listens there", async () => {
    let url = "";
    await ask((request, response) => {
      url = `http://shop:s3cret@${request.headers.host}`;
      response.end("{}");
    });
    // That server is closed by now.
    const error: unknown = await openManagement(url)
      .get("/api/overview")
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toBe("PortError: rabbitmq:GET on the management API: the connection failed (ECONNREFUSED)");
    expect(String(error)).not.toMatch(/s3cret|127\.0\.0\.1/);
  });

  it.each(["", "rabbit", "amqp://shop:s3cret@h"])("refuses the address %j without repeating it", (url) => {
    expect(() => openManagement(url)).toThrow("the secret must hold http:// or https://USER:PASSWORD@HOST:PORT");
    expect(() => openManagement(url)).not.toThrow("s3cret");
  });

  it("takes a percent sign that escapes nothing for itself", async () => {
    let heard: string | undefined;
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      heard = request.headers.authorization;
      response.end("{}");
    };
    await ask(serve, "shop:100%");
    expect(heard).toBe(`Basic ${Buffer.from("shop:100%").toString("base64")}`);
  });
});
