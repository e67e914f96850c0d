import { pageText, type Step, stateKey } from "@nightshift/decide/delivery/index";
import { PortError } from "@nightshift/ports";
import { type Case, keep, type Pass } from "./pass.ts";
import { settle } from "./post.ts";

type Page = Extract<Step, { readonly do: "page" }>;

/** Goes by SNS. A sender that dies in between leaves a row that says so: the next one pages again, rather twice than never. */
export async function pageIncident(pass: Pass, one: Case, { row, because }: Page): Promise<void> {
  const { world, how } = pass;
  const { incident } = one;
  if (!(await world.deliveries.begin(incident.id, row))) {
    one.rows = await world.deliveries.all(incident.id);
    return;
  }
  keep(one, row);
  const ended = incident.state === "resolved" || incident.state === "closed" || incident.state === "merged";
  try {
    const { severity, id } = incident;
    await world.pages.page({ severity, ...pageText(incident, because), key: `${id}/${row.key}`, incident: id, ...(ended ? { resolved: true } : {}) });
    // Every automatic act stands in the timeline; before the row is settled, so that a crash in between loses neither.
    const text = `${ended ? "The end was told" : "Told"} by SNS: ${because}.`;
    await world.incidents.say(id, { key: `told/${row.key}`, at: world.clock.now(), kind: "paged", text, announce: false, actor: "nightshift/notifier" });
    await settle(pass, one, row, { state: "sent", shown: stateKey(incident) });
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    how.log({ level: "error", message: "a page was not sent", incident: incident.id, key: row.key, because: error.message });
    await settle(pass, one, row, { state: "refused" });
  }
}
