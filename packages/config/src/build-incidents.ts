import type { AlarmRuleInput } from "./sections/incidents.ts";
import type { RotaInput } from "./sections/on-call.ts";

type Of<Kind extends RotaInput["kind"]> = Omit<Extract<RotaInput, { kind: Kind }>, "kind">;

/** People take turns, a week or a day each. */
export const rotation = (it: Of<"rotation">): RotaInput => ({ kind: "rotation", ...it });
/** The same people at all times; all of them are told. */
export const always = (people: readonly string[]): RotaInput => ({ kind: "static", people: [...people] });
/** The members of a Slack user group at that moment (paid plans), for teams whose rota lives in another tool. */
export const slackGroup = (group: string): RotaInput => ({ kind: "slack-group", group });

/** What alarms of this name (`*` stands for any run of characters) mean to incidents. */
export const onAlarm = (match: string, rule: Omit<AlarmRuleInput, "match">): AlarmRuleInput => ({ match, ...rule });
