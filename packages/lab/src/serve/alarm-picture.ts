import type { BusEvent } from "../bus/bus.ts";
import type { Stage } from "../scenario/stage.ts";
import { fields, maybeText } from "../services/input.ts";
import type { AlarmPart } from "./picture.ts";

/** Every alarm, ringing ones first: the account's own, and those that it knows from events alone. */
export function alarmsOf(stage: Stage): readonly AlarmPart[] {
  const known = new Map<string, AlarmPart>();
  for (const event of stage.lab.bus.events) {
    const told = toldBy(event);
    if (told !== undefined) known.set(told.name, told);
  }
  // What CloudWatch itself says goes before what was told of it.
  for (const { spec, value, since, reason } of stage.world.alarms.all()) known.set(spec.name, { name: spec.name, value, since, reason });
  return [...known.values()].toSorted((a, b) => Number(b.value === "ALARM") - Number(a.value === "ALARM") || a.name.localeCompare(b.name));
}

/** The alarm that an event tells of; people send events from the page, so nothing in it is believed unseen. */
function toldBy(event: BusEvent): AlarmPart | undefined {
  if (event.source !== "aws.cloudwatch" || event["detail-type"] !== "CloudWatch Alarm State Change") return undefined;
  const detail = fields(event.detail);
  const state = fields(detail["state"]);
  const [name, value] = [maybeText(detail, "alarmName"), maybeText(state, "value")];
  if (name === undefined || value === undefined) return undefined;
  return { name, value, since: Date.parse(event.time), reason: maybeText(state, "reason") ?? "" };
}
