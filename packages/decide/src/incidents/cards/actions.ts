import { type Button, buttons, type Incident, type Part } from "@nightshift/model";
import { consent, openQuestion } from "./question.ts";

/** The buttons that fit where the incident stands: a question that waits comes first, and its plan is the way back then. None for one that was merged: its thread goes on elsewhere. */
export function actionsOf(incident: Incident): readonly Part[] {
  const press = (action: string, text: string, more: Pick<Button, "style" | "confirm"> = {}): Button => ({ action, text, value: incident.id, ...more });
  const postMortem = press(buttons.postMortem, "Post-mortem…");
  const rest = [press(buttons.note, "Add a note…"), press(buttons.role, "Who does what…"), press(buttons.hold, "Hold automation"), postMortem];
  const question = openQuestion(incident);
  switch (incident.state) {
    case "open":
    case "acked":
    case "mitigating":
    case "monitoring":
      return [
        {
          kind: "buttons",
          buttons: [
            ...(question === undefined ? [] : consent(incident, question.plan, question.asked.text)),
            ...(incident.acked === undefined ? [press(buttons.ack, "Acknowledge", { style: "primary" })] : []),
            ...(question === undefined ? [press(buttons.rollback, incident.needsPerson ? "Roll back anyway…" : "Roll back…")] : []),
            press(buttons.scale, "Scale…"),
            press(buttons.silence, "Silence 1 h…"),
            press(buttons.severity, "Severity…"),
            press(buttons.resolve, "Resolve", resolveAsks(incident)),
          ],
          more: rest,
        },
      ];
    case "resolved":
      return [{ kind: "buttons", buttons: [press(buttons.reopen, "Reopen"), postMortem] }];
    case "closed":
      return [{ kind: "buttons", buttons: [postMortem] }];
    case "merged":
      return [];
  }
}

/** Over with alarms ringing is rarely meant. */
const resolveAsks = ({ firing }: Incident): Pick<Button, "confirm"> =>
  firing === 0
    ? {}
    : {
        confirm: {
          title: "Resolve it?",
          text: `${firing === 1 ? "1 alarm still rings" : `${firing} alarms still ring`}.`,
          yes: "Resolve",
          no: "Not yet",
        },
      };
