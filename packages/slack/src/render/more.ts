/** The menu of buttons that have no place in the row. Slack names the menu and the chosen option's value; the value here is the button's action and its own value. */
export const MORE = "ns.more";

/** An option's value: what `chosen` reads. Neither actions nor incident ids hold a space. */
export const optionValue = (action: string, value: string): string => `${action} ${value}`;

/** Which button was pressed: an option of the menu is read as the button that it stands for. */
export function chosen(action: string, value: string | undefined): { readonly action: string; readonly value: string | undefined } {
  const space = value?.indexOf(" ") ?? -1;
  if (action !== MORE || value === undefined || space < 0) return { action, value };
  return { action: value.slice(0, space), value: value.slice(space + 1) };
}
