import { buttons, forms } from "@nightshift/model";
import { knock, noon, press, secret, signed, slash, submit } from "../../functions/ingress/entry.fixture.ts";
import type { Door } from "../../functions/ingress/entry.ts";
import type { GuardCase } from "./case.ts";

/** Whether this request has no effect: nothing is queued, no form opens. */
const nothingIn =
  (event: ReturnType<typeof signed>, over: Partial<Door> = {}) =>
  async (): Promise<boolean> => {
    const { sent, opened } = await knock(event, over);
    return sent.length + opened.length === 0;
  };

/** Promises about what comes from outside. */
export const doorGuards: readonly GuardCase[] = [
  {
    off: ["request is signed by Slack"],
    promise: "what somebody else signed has no effect",
    kept: nothingIn(signed(slash("hold all"), { by: secret.toUpperCase() })),
  },
  {
    off: ["request is fresh"],
    promise: "what was signed six minutes ago has no effect",
    kept: nothingIn(signed(slash("hold all"), { at: String(noon / 1_000 - 360) })),
  },
  {
    off: ["request is of our workspace and app"],
    promise: "another workspace asks for nothing",
    kept: nothingIn(signed(slash("hold all", { team_id: "T2" }))),
  },
  {
    off: ["guests ask for nothing"],
    promise: "a person of another workspace presses in vain",
    kept: nothingIn(signed(press({ action_id: buttons.ack, value: "INC-1" }, { user: { id: "U9", team_id: "T9" } }))),
  },
  {
    off: ["request is taken once"],
    promise: "what came before has no effect",
    kept: nothingIn(signed(slash("hold all")), { nonces: { spend: async () => false } }),
  },
  {
    off: ["form is checked again"],
    promise: "a form without its reason does nothing",
    kept: nothingIn(signed(submit(forms.rollback, { service: "incident", how: "do", reason: "" }))),
  },
];
