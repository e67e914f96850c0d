import type { Resolved } from "@nightshift/config";
import type { SlackRequest } from "@nightshift/model";
import { renderCard } from "@nightshift/slack/render/card";
import { renderForm } from "@nightshift/slack/render/form";
import type { Door } from "../../../../functions/ingress/entry.ts";
import type { LabAccount } from "../account.ts";
import { names } from "./names.ts";
import { SLACK_API, worldFor } from "./reach.ts";
import type { LabWorld } from "../world/index.ts";

/** What the lab's Slack signs with. */
export const SIGNING_SECRET = "the lab's signing secret";

/** What the ingress function is connected to inside the simulated account; its own calls pass the boundary as in production. */
export function labDoor(lab: LabAccount, world: LabWorld, config: Resolved): Door {
  const reach = worldFor(lab, world, "ingress");
  const fetch = lab.slackFetch("ingress");
  const queue = lab.client("sqs", "ingress");
  return {
    identity: config.incidents.slack ?? { team: "T0LAB", app: "A0LAB" },
    names: {
      services: config.groups.flatMap((group) => group.services.map((service): string => service.name)),
      groups: config.groups.map((group) => group.group),
      people: config.people.map((person) => person.name),
      zone: config.incidents.zone,
    },
    now: () => lab.clock.now(),
    secrets: async () => ({ signing: [SIGNING_SECRET] }),
    nonces: reach.nonces,
    async send(request: SlackRequest) {
      const { SendMessageCommand } = await import("@aws-sdk/client-sqs");
      await queue.send(new SendMessageCommand({ QueueUrl: lab.sqs.queue(names.commands).url, MessageBody: JSON.stringify(request) }));
    },
    async openView(trigger, form) {
      const answer = await fetch(`${SLACK_API}views.open`, {
        method: "POST",
        headers: { "Content-Type": "application/json; charset=utf-8" },
        body: JSON.stringify({ trigger_id: trigger, view: renderForm(form) }),
      });
      const body: unknown = await answer.json();
      const ok = typeof body === "object" && body !== null && Reflect.get(body, "ok") === true;
      if (!ok) throw new Error(`views.open: ${JSON.stringify(body)}`);
    },
    async tell(responseUrl, text) {
      await fetch(responseUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text, response_type: "ephemeral" }) });
    },
    showCard: (card) => ({ ...renderCard(card) }),
    report: (problem) => lab.kernel.record({ kind: "world", what: "ingress-problem", about: "ingress", detail: problem }),
  };
}
