import type { ServerResponse } from "node:http";
import { openStream } from "./http.ts";
import type { Picture } from "./picture.ts";

/** The pages that look: each is sent what changed since it was sent something. */
export class Viewers {
  readonly #viewers = new Map<ServerResponse, Map<string, string>>();

  /** Whether anybody looks. */
  get any(): boolean {
    return this.#viewers.size > 0;
  }

  /** Adds a page; it gets everything at once. */
  add(response: ServerResponse, picture: Picture): void {
    openStream(response);
    this.#viewers.set(response, new Map());
    response.on("close", () => this.#viewers.delete(response));
    this.show(picture);
  }

  /** Sends each page the parts that are new to it. One that has not taken the last ones yet waits until the next time. */
  show(picture: Picture): void {
    const parts = Object.entries(picture).map(([name, part]) => [name, JSON.stringify(part)] as const);
    for (const [response, sent] of this.#viewers) {
      if (response.writableLength > 0) continue;
      const news = parts.filter(([name, text]) => sent.get(name) !== text);
      if (news.length === 0) continue;
      for (const [name, text] of news) sent.set(name, text);
      response.write(`data: {${news.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}\n\n`);
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const response of this.#viewers.keys()) response.end();
    this.#viewers.clear();
  }
}
