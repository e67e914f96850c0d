import { type Entry, type Incident, sayClock } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

import { PortError, type World } from "@nightshift/ports";

/** What bringing Slack up to date needs of the world. */
export type NotifierWorld = Pick<World, "incidents" | "deliveries" | "chat" | "pages">;

/**
 * Brings Slack up to date with one incident: header, then every announced line, in order, each once.
 * The ledger is the truth; a line that may have been sent before a crash is looked for by its key before it is sent again.
 */
export async function notify(world: NotifierWorld, id: string, channel: string | undefined): Promise<void> {
  const incident = await world.incidents.find(id);
  if (incident === undefined || !incident.entries.some((entry) => entry.announce)) return;
  // A team without Slack is told by SNS, once for each state an incident reaches.
  if (channel === undefined) return page(world, incident, `page:${incident.state}`, "no Slack channel is configured");
  try {
    const thread = await headerOf(world, incident, channel);
    for (const entry of incident.entries) if (entry.announce) await sendOnce(world, { incident, entry, thread });
    await refreshHeader(world, incident, thread);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (guard("fallback when Slack is down")) await fallBack(world, incident, error);
    throw error;
  }
}

interface Thread {
  readonly channel: string;
  readonly ts: string;
}

/** What stands at the top of the thread; changed as the incident changes. */
export const headerText = (incident: Incident): string => {
  const mark = incident.state === "resolved" ? "resolved" : incident.state === "needs-person" ? "a person is needed" : "open";
  return `● [${incident.service}] ${incident.severity} ${mark} · ${incident.title}`;
};

async function headerOf(world: NotifierWorld, incident: Incident, channel: string): Promise<Thread> {
  const known = await world.deliveries.thread(incident.id);
  if (known !== undefined && guard("one thread an incident")) return known;
  const key = `${incident.id}/header`;
  const lost = guard("lost message is looked for", (await world.deliveries.state(incident.id, "header")) === "trying")
    ? await world.chat.find({ channel, key })
    : undefined;
  await world.deliveries.mark(incident.id, "header", "trying");
  const ts = lost ?? (await world.chat.post({ channel, text: headerText(incident), key }));
  await world.deliveries.setThread(incident.id, channel, ts);
  return { channel, ts };
}

async function sendOnce(world: NotifierWorld, { incident, entry, thread }: { incident: Incident; entry: Entry; thread: Thread }): Promise<void> {
  const state = await world.deliveries.state(incident.id, entry.key);
  if (guard("line is sent once", state === "sent")) return;
  const key = `${incident.id}/${entry.key}`;
  const lost = guard("lost message is looked for", state === "trying") ? await world.chat.find({ channel: thread.channel, thread: thread.ts, key }) : undefined;
  if (lost === undefined) {
    await world.deliveries.mark(incident.id, entry.key, "trying");
    await world.chat.post({ channel: thread.channel, thread: thread.ts, text: `${sayClock(entry.at)}  ${entry.text}`, key });
  }
  await world.deliveries.mark(incident.id, entry.key, "sent");
}

async function refreshHeader(world: NotifierWorld, incident: Incident, thread: Thread): Promise<void> {
  const shown = `header:${incident.state}:${incident.severity}:${incident.title}`.slice(0, 200);
  if (guard("header is refreshed once", (await world.deliveries.state(incident.id, shown)) === "sent")) return;
  await world.chat.update({ channel: thread.channel, ts: thread.ts, text: headerText(incident) });
  await world.deliveries.mark(incident.id, shown, "sent");
}

/** Slack did not take it: what must be known now goes by SNS, once an incident. */
async function fallBack(world: NotifierWorld, incident: Incident, error: PortError): Promise<void> {
  if (incident.severity === "P1" || incident.severity === "P2") await page(world, incident, "page", `Slack did not take this: ${error.message}`);
}

async function page(world: NotifierWorld, incident: Incident, once: string, why: string): Promise<void> {
  if (guard("page once", (await world.deliveries.state(incident.id, once)) === "sent")) return;
  const lines = incident.entries.filter((entry) => entry.announce).map((entry) => `${sayClock(entry.at)}  ${entry.text}`);
  await world.pages.page(headerText(incident), [...lines, `(${why})`].join("\n"), `${incident.id}/${once}`);
  await world.deliveries.mark(incident.id, once, "sent");
}
