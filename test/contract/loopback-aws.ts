import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it came over the wire. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  /** `AmazonEC2ContainerServiceV20141113.DescribeServices`; empty for REST operations. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** What to answer: a status, and a body in the service's own wire format. `hang-up` closes the connection without an answer. */
export type WireAnswer = { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> } | "hang-up";

/** A loopback server in AWS's place. */
export interface LoopbackAws {
  readonly endpoint: string;
  readonly heard: readonly Heard[];
  close(): Promise<void>;
}

/** Starts a server that answers each request by `answer`; the exchanges are ours, written after AWS's documented wire formats. */
export async function loopbackAws(answer: (request: Heard) => WireAnswer): Promise<LoopbackAws> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = asHeard(request, Buffer.concat(chunks).toString("utf8"));
      heard.push(one);
      const reply = answer(one);
      if (reply === "hang-up") request.socket.destroy();
      else response.writeHead(reply.status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "r-1", ...reply.headers }).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server's address has this shape.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function asHeard(request: IncomingMessage, text: string): Heard {
  const target = request.headers["x-amz-target"];
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    target: typeof target === "string" ? target : "",
    headers: request.headers,
    body: text.startsWith("{") ? JSON.parse(text) : text,
  };
}
