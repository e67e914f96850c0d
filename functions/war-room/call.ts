import type { Duty } from "@nightshift/decide/incidents/duties";
import type { Incident, PersonOnFile } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import type { Done, RoomWorld } from "./settings.ts";

type CallDuty = Extract<Duty, { readonly kind: "call" }>;
type Calling = Pick<RoomWorld, "pages" | "directory" | "chat">;

/**
 * One call that does not go through the thread. What may pass by itself is thrown, so that the duty stays due; what a retry cannot
 * mend is said in the thread. SNS may be told twice when an answer is lost: its key lets the receiver see that it is one page.
 */
export async function makeCall(
  world: Calling,
  { key, call }: CallDuty,
  { incident, people }: { readonly incident: Incident; readonly people: readonly PersonOnFile[] },
): Promise<Done> {
  try {
    if (call.how === "slack-dm") return await message(world, `${incident.id}/${key}`, { call, people });
    const { subject, text, resolved } = call;
    await world.pages.page({
      severity: incident.severity,
      subject,
      text,
      key: `${incident.id}/${key}`,
      incident: incident.id,
      ...(resolved === undefined ? {} : { resolved }),
    });
    return { kind: "called", text: resolved === true ? "The end was told by SNS." : "Called by SNS.", loud: false };
  } catch (error) {
    if (!(error instanceof PortError) || error.retryable) throw error;
    const whom = call.how === "sns" ? "by SNS" : `${call.person} by direct message`;
    return { kind: "called", text: `Could not call ${whom}: ${error.message}`, loud: true };
  }
}

/** A direct message, found again where it may have been sent before a crash. */
async function message(
  world: Calling,
  key: string,
  { call, people }: { readonly call: Extract<CallDuty["call"], { readonly how: "slack-dm" }>; readonly people: readonly PersonOnFile[] },
): Promise<Done> {
  const user = slackIdOf(call.person, people);
  if (user === undefined) return { kind: "called", text: `${call.person} has no Slack id in nightshift.config.ts: no direct message.`, loud: true };
  const channel = await world.directory.directMessage(user);
  const before = await world.chat.find({ channel, key });
  if (before === undefined || !guard("lost message is looked for"))
    await world.chat.post({ channel, key, card: { summary: call.subject, parts: [{ kind: "text", text: call.text }] } });
  return { kind: "called", text: `Called ${call.person} by direct message.`, loud: false };
}

/** A name of the config, or a Slack id as user groups bring it. */
export const slackIdOf = (person: string, people: readonly PersonOnFile[]): string | undefined =>
  people.find(({ name }) => name === person)?.slack ?? (/^[UW][A-Z0-9]{2,}$/.test(person) ? person : undefined);
