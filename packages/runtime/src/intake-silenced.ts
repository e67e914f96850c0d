import { heardAgain } from "@nightshift/decide/incidents/silences";
import { type SilencedAlarm, serviceName } from "@nightshift/model";
import { finish } from "./incidents.ts";
import { type IntakeWorld, takeAlarms, type Taking } from "./intake.ts";

/**
 * Opens incidents for what rang under a silence or in a maintenance window that has ended, and rings still. Safe to repeat: an alarm is
 * settled after it was taken, and what rings anew meanwhile stays kept.
 * @throws {Error} what could not be taken; it is looked at again the next time.
 */
export async function hearSilenced(world: IntakeWorld, taking: Taking): Promise<void> {
  const kept = await world.silences.kept();
  if (kept.length === 0) return;
  const silences = await world.silences.standing(taking.now);
  const heard = heardAgain(kept, { silences, windows: taking.policy.maintenance, now: taking.now });
  const ringing: SilencedAlarm[] = [];
  for (const one of heard) if (!(await hasCleared(world, one))) ringing.push(one);
  const took = await takeAlarms(world, ringing.map(asComing), taking);
  const failed = new Set(took.failed.map(({ message }) => message));
  for (const one of heard) if (!failed.has(one.name)) await world.silences.settle(one.name, one.at);
  const [first] = took.failed;
  if (first !== undefined) throw new Error(`${took.failed.length} alarms that were silenced could not be taken: ${first.message}: ${first.error}`);
}

const asComing = ({ group, title, ...move }: SilencedAlarm) => ({ message: move.name, move, group, title, listening: [] });

/** Its end is kept where the intake puts ends: in the signals of its service, or in the incident that its group had then. */
async function hasCleared(world: IntakeWorld, { name, service, group, at }: SilencedAlarm): Promise<boolean> {
  const { alarms } = await world.signals.read(serviceName(service), at);
  const pointer = await world.groups.find(group);
  const known = pointer === undefined ? [] : (await finish(world, pointer)).alarms;
  return [...alarms, ...known].some((one) => one.name === name && one.value !== "ALARM" && one.since > at);
}
