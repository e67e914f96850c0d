/** The menu of buttons that have no place in the row. Slack names the menu and the chosen option's value. */
export const MORE = "ns.more";

/** An option's value: the button that it stands for, and that one's own value. */
export const optionValue = (action: string, value: string): string => `${action}|${value}`;
