import { warRoomTemplate } from "@nightshift/decide/incidents/template";
import { answered, type Carry, card, refused } from "../verb.ts";

/** Shows the post-mortem's fields as far as they are filled in, and where the draft is. */
export const postmortem: Carry<"postmortem"> = async (_, { incident, now }) => {
  if (incident === undefined) return refused("No incident is meant here; name one.");
  const where = incident.postMortem === undefined ? "The draft is written a day after the end" : `The draft is ${incident.postMortem.location}`;
  const rows = warRoomTemplate(incident, now).map((row) => `${row.name}: ${row.lines.join("; ")}`);
  return answered(
    card(`Post-mortem of ${incident.id}: ${incident.title}`, [
      ...rows,
      `${where}; npx nightshift incidents postmortem ${incident.id} prints it now. /ops field fills in what only people know.`,
    ]),
  );
};
