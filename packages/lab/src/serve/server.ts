import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Ms } from "@nightshift/model";
import { loadAdapters } from "../connections.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { HttpRefusal, refuseForeign, send, sendJson } from "./http.ts";
import { Pace } from "./pace.ts";
import { bundlePage, type PageFiles } from "./page.ts";
import { RealSlack, type RealWorkspace } from "./real-slack.ts";
import { pictureOf } from "./show.ts";
import { api } from "./api.ts";
import { Session } from "./session.ts";
import { slackRequest } from "./slack-endpoints.ts";
import { Viewers } from "./stream.ts";

/** How the lab is served. */
export interface ServeSettings {
  /** 0 takes any port that is free. */
  readonly port: number;
  /** Simulated seconds in a real one. */
  readonly speed: number;
  readonly seed: number;
  /** The one that begins, and all that may be begun from the page. */
  readonly scenario: Scenario;
  readonly scenarios: readonly Scenario[];
  /** A real workspace whose requests are to be believed, besides the lab's own. */
  readonly real?: RealWorkspace | undefined;
}

/** A lab that is being served on the loopback. */
export interface ServedLab {
  /** `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** Lets this much simulated time pass at once, also while paused: for tests, and for pictures that are the same every time. */
  pass(length: Ms): Promise<void>;
  close(): Promise<void>;
}

/** What every request is answered from. */
export interface Serving {
  session: Session;
  readonly settings: ServeSettings;
  readonly viewers: Viewers;
  readonly real: RealSlack | undefined;
  readonly pace: Pace;
  /** Shows everybody what changed. */
  readonly show: () => void;
}

/** How often the story moves on and pages are told: four times a second. */
const BEAT_MS = 250;
/** After a pause of the machine the story does not hurry to catch up. */
const MOST_BEHIND_MS = 1_000;
/** Simulated time that goes by at most before people and pages get their turn: on a slow machine a whole beat may take seconds. */
const SLICE_MS = 5_000;

/** Serves the simulated account, its Slack and its page on this machine alone. @throws {Error} when the port is taken. */
export async function serveLab(settings: ServeSettings): Promise<ServedLab> {
  const [files] = await Promise.all([bundlePage(), loadAdapters()]);
  const viewers = new Viewers();
  const { scenario, seed, speed } = settings;
  const serving: Serving = {
    session: new Session({ scenario, seed, speed }),
    settings,
    viewers,
    real: settings.real === undefined ? undefined : new RealSlack(settings.real),
    pace: new Pace(),
    show: () => {
      if (viewers.any) viewers.show(pictureOf(serving));
    },
  };
  let port = 0;
  const server = createServer((request, response) => void answer(request, response, { serving, files, port }));
  port = await listen(server, settings.port);
  const beat = startBeat(serving);
  return {
    url: `http://127.0.0.1:${port}/`,
    pass: async (length) => {
      await serving.session.pass(length);
      serving.show();
    },
    close: async () => {
      beat.stop();
      viewers.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The loopback alone: the page holds no secrets, but nobody else's business either.
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Moves the story by this much real time, and shows what has happened whenever a beat's time is over. */
async function moveStory(serving: Serving, realMs: number): Promise<void> {
  const { session } = serving;
  let shown = performance.now();
  let left = realMs;
  while (left > 0 && serving.session === session && session.speed > 0) {
    const slice = Math.min(left, SLICE_MS / session.speed);
    left -= slice;
    await session.advance(slice);
    if (performance.now() - shown < BEAT_MS) continue;
    serving.show();
    shown = performance.now();
    // Lets requests in, and what was shown out.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Moves the story with real time. */
function startBeat(serving: Serving): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last = performance.now();
  const beat = async (): Promise<void> => {
    const now = performance.now();
    const passed = Math.min(now - last, MOST_BEHIND_MS);
    last = now;
    await moveStory(serving, passed);
    serving.pace.note({ real: performance.now(), simulated: serving.session.stage.now() });
    serving.show();
    // A beat that took long is followed at once; requests still get in between.
    if (!stopped) timer = setTimeout(() => void beat(), Math.max(1, BEAT_MS - (performance.now() - now)));
  };
  timer = setTimeout(() => void beat(), BEAT_MS);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { serving, files, port }: { readonly serving: Serving; readonly files: PageFiles; readonly port: number },
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  try {
    // What Slack sends is believed by its signature, whatever name it was sent to: a tunnel has another one.
    if (request.method === "POST" && path.startsWith("/slack/")) return await slackRequest(serving, path, { request, response });
    refuseForeign(request, port);
    if (request.method === "GET" && path === "/") return send(response, 200, { type: "text/html; charset=utf-8", body: files.html });
    if (request.method === "GET" && path === "/page.js") return send(response, 200, { type: "text/javascript; charset=utf-8", body: files.script });
    if (request.method === "GET" && path === "/style.css") return send(response, 200, { type: "text/css; charset=utf-8", body: files.style });
    await api(serving, path, { request, response });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const status = error instanceof HttpRefusal ? error.status : 500;
    sendJson(response, status, { error: error instanceof Error ? error.message : String(error) });
  }
}
