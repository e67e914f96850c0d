import type { Button } from "@nightshift/model";
import type { ActionsBlock, Button as SlackButton, ConfirmationDialog, Overflow, PlainTextElement } from "@slack/web-api";
import { plainWithin } from "../escape.ts";
import { limits } from "../limits.ts";
import { MORE, optionValue } from "./more.ts";

/**
 * A row of buttons, with a menu at its end for the rest. A button whose value or action Slack would not carry whole is
 * left out, since a cut value would mean something else; `taken` holds the actions of this message, each once.
 */
export function actionsBlock(buttons: readonly Button[], more: readonly Button[], taken: Set<string>): ActionsBlock | undefined {
  const fitting = (all: readonly Button[]): readonly Button[] =>
    all.filter(({ action, value }) => {
      const fits = action !== "" && action.length <= limits.id && value.length <= limits.button.value && !taken.has(action);
      if (fits) taken.add(action);
      return fits;
    });
  const row = fitting(buttons);
  const rest = fitting(more);
  const menu = taken.has(MORE) ? [] : rest.filter(fitsMenu).slice(0, limits.menu.most);
  const inMenu = menu.length >= limits.menu.least ? menu : [];
  const plain = [...row, ...rest.filter((one) => !inMenu.includes(one))].slice(0, limits.actions - (inMenu.length > 0 ? 1 : 0));
  if (inMenu.length > 0) taken.add(MORE);
  const elements: (SlackButton | Overflow)[] = [...plain.map(slackButton), ...(inMenu.length > 0 ? [overflow(inMenu)] : [])];
  return elements.length === 0 ? undefined : { type: "actions", elements };
}

/** An option holds little, and asks no question of its own. */
const fitsMenu = ({ action, value, confirm }: Button): boolean => confirm === undefined && optionValue(action, value).length <= limits.option.value;

const overflow = (options: readonly Button[]): Overflow => ({
  type: "overflow",
  action_id: MORE,
  options: options.map(({ action, text, value }) => ({ text: plain(text, limits.option.text), value: optionValue(action, value) })),
});

const slackButton = ({ action, text, value, style, confirm }: Button): SlackButton => ({
  type: "button",
  action_id: action,
  text: plain(text, limits.button.text),
  ...(value === "" ? {} : { value }),
  ...(style === undefined ? {} : { style }),
  ...(confirm === undefined ? {} : { confirm: confirmation(confirm) }),
});

const confirmation = ({ title, text, yes, no }: NonNullable<Button["confirm"]>): ConfirmationDialog => ({
  title: plain(title, limits.confirm.title),
  text: plain(text, limits.confirm.text),
  confirm: plain(yes, limits.confirm.button),
  deny: plain(no, limits.confirm.button),
});

/** Text in which Slack reads no markup, and makes no emoji of colons. */
export const plain = (text: string, max: number): PlainTextElement => ({ type: "plain_text", text: plainWithin(text, max), emoji: false });
