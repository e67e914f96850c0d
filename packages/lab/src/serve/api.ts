import type { IncomingMessage, ServerResponse } from "node:http";
import { type Fields, fields, maybeNumber, maybeText } from "../services/input.ts";
import { sendFile } from "./files.ts";
import { HttpRefusal, jsonOf, sendJson } from "./http.ts";
import { eventFrom } from "./pasted-event.ts";
import { pictureOf } from "./show.ts";
import { actInSlack } from "./slack-acts.ts";
import type { Serving } from "./server.ts";
import { Session } from "./session.ts";

/** One request with where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Route = (serving: Serving, exchange: Exchange) => Promise<void> | void;

const routes: Readonly<Record<string, Route>> = {
  "GET /api/state": (serving, { response }) => sendJson(response, 200, pictureOf(serving)),
  "GET /api/stream": (serving, { response }) => serving.viewers.add(response, pictureOf(serving)),
  "POST /api/scenario": startScenario,
  "POST /api/speed": setSpeed,
  "POST /events": publishEvent,
};

/** Answers what the page and scripts ask. @throws {HttpRefusal} 404 for anything else. */
export async function api(serving: Serving, path: string, exchange: Exchange): Promise<void> {
  const file = /^\/files\/([\w-]{1,40})$/.exec(path)?.[1];
  if (exchange.request.method === "GET" && file !== undefined) return sendFile(serving.session.stage.lab.slack, file, exchange);
  const act = /^\/api\/slack\/([a-z]+)$/.exec(path)?.[1];
  if (exchange.request.method === "POST" && act !== undefined) {
    await actInSlack(serving, act, exchange);
    return serving.show();
  }
  const asked = `${exchange.request.method ?? "GET"} ${path}`;
  const route = Object.hasOwn(routes, asked) ? routes[asked] : undefined;
  if (route === undefined) throw new HttpRefusal(404, `There is nothing at ${asked}. The page is at /.`);
  await route(serving, exchange);
  if (exchange.request.method === "POST") serving.show();
}

async function startScenario(serving: Serving, { request, response }: Exchange): Promise<void> {
  const asked: Fields = fields(await jsonOf(request));
  const name = maybeText(asked, "name");
  const scenario = serving.settings.scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new HttpRefusal(400, `There is no scenario "${name ?? ""}". \`npx nightshift lab list\` shows them.`);
  const seed = maybeNumber(asked, "seed") ?? serving.session.seed;
  if (!Number.isInteger(seed) || seed < 0 || seed > 999_999_999) throw new HttpRefusal(400, `seed must be a whole number from 0 to 999999999, not ${seed}.`);
  serving.session = new Session({ scenario, seed, speed: serving.session.speed });
  serving.pace.restart();
  sendJson(response, 200, { started: scenario.name, seed });
}

async function setSpeed({ session, pace }: Serving, { request, response }: Exchange): Promise<void> {
  const speed = maybeNumber(fields(await jsonOf(request)), "speed") ?? Number.NaN;
  try {
    session.setSpeed(speed);
    pace.restart();
  } catch (error) {
    if (error instanceof RangeError) throw new HttpRefusal(400, `${error.message}.`);
    throw error;
  }
  sendJson(response, 200, { speed });
}

async function publishEvent({ session }: Serving, { request, response }: Exchange): Promise<void> {
  const event = eventFrom(await jsonOf(request), session.stage.lab);
  await session.publish(event);
  sendJson(response, 202, { id: event.id });
}
