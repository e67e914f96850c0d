import { always, type NightshiftConfig } from "@nightshift/config";
import { labSlack } from "../slack/state.ts";

/** The shop's people, who is called, and where: the same in every story. */
export const shopTeam = {
  product: "shop",
  channels: { incidents: "C0456EFGH" },
  slack: { team: labSlack.team, app: labSlack.app },
  people: {
    lead: { slack: "U0123LEAD", roles: ["operator"] },
    ana: { slack: "U0789ANA", roles: ["responder"] },
    founder: { slack: "U0456BOSS", roles: ["owner"] },
  },
  onCall: always(["ana"]),
  escalation: { tier2: { who: always(["lead"]) }, tier3: { name: "Founder", who: always(["founder"]) } },
} as const satisfies Partial<NightshiftConfig>;
