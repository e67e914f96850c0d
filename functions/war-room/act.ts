import type { Duty } from "@nightshift/decide/incidents/duties";
import { postMortemMarkdown } from "@nightshift/decide/incidents/post-mortem";
import type { Incident } from "@nightshift/model";
import { makeCall } from "./call.ts";
import { gatherEvidence } from "./evidence/gather.ts";
import { showChart } from "./evidence/show.ts";
import { furnish, makeRoom } from "./own-channel.ts";
import { tellNotShown } from "./proof.ts";
import type { Done, RoomSettings, RoomWorld } from "./settings.ts";

/** Does one duty out in the world; what is only said is done by saying it. */
export async function actOn(
  world: RoomWorld,
  duty: Duty,
  { incident, settings }: { readonly incident: Incident; readonly settings: RoomSettings },
): Promise<Done> {
  switch (duty.kind) {
    case "tell":
      return { kind: "said" };
    case "call":
      return makeCall(world, duty, { incident, people: settings.policy.people });
    case "room":
      return makeRoom(world, { incident, policy: settings.policy });
    case "furnish":
      return furnish(world, duty, settings.policy.people);
    case "evidence":
      return { kind: "evidence", pieces: await gatherEvidence(world, incident, { groups: settings.groups, occasion: duty.moment }) };
    case "show": {
      const shown = await showChart(world, incident.id, { evidence: duty.evidence, at: duty.at });
      if (shown !== true) await tellNotShown(world, incident.id, { evidence: duty.evidence, because: shown });
      return { kind: "said" };
    }
    case "post-mortem": {
      const { key } = await world.evidence.save(`incidents/${incident.id}/${duty.key.replace("/", "-")}.md`, postMortemMarkdown(incident, world.clock.now()));
      return { kind: "post-mortem", location: key };
    }
  }
}
