import { type Button, buttons, type Entry, type Incident } from "@nightshift/model";
import { isOver } from "../transitions.ts";
import { cut } from "./words.ts";

/** The newest question about a plan that still waits for a word; undefined: none does. */
export function openQuestion(incident: Incident): { readonly plan: string; readonly asked: Entry } | undefined {
  const asked = incident.entries.findLast((entry) => entry.kind === "asked" && planIn(entry.text) !== undefined);
  const plan = asked === undefined ? undefined : planIn(asked.text);
  return asked === undefined || plan === undefined || isOver(incident) || isAnswered(incident, asked) ? undefined : { plan, asked };
}

/** Somebody said something since, or the time ran out, which is told the same way. A word on a plan with another name answers nothing here. */
export function isAnswered({ entries }: Incident, asked: Entry): boolean {
  const plan = planIn(asked.text);
  return entries.some(({ kind, at, key }) => kind === "answered" && at >= asked.at && (planOf(key) ?? plan) === plan);
}

/** What people say to a plan that a person asked for stands under the plan's name. */
const planOf = (key: string): string | undefined => /(?:^|\/)answered\/(.+)$/.exec(key)?.[1];

/** The plan that the line itself names: the button and the command in the text mean the same. */
export const planIn = (text: string): string | undefined => /\bapprove ([\w.:/-]*\w)/.exec(text)?.[1];

/** Yes and no to a plan, bound to it and to its incident. */
export const consent = ({ id }: Incident, plan: string, text: string): readonly Button[] => [
  {
    action: buttons.approve,
    text: "Approve",
    value: `${id}|${plan}`,
    style: "primary",
    confirm: { title: "Carry out this plan?", text: cut(text, 280), yes: "Carry it out", no: "Not now" },
  },
  { action: buttons.deny, text: "Deny", value: `${id}|${plan}`, style: "danger" },
];
