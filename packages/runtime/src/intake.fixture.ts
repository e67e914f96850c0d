import { foldIncident } from "@nightshift/decide/incidents/fold";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import type { AlarmMove, AlarmState, ChangeNote, GuardSettings, Incident, IncidentPolicy, WatchRecord } from "@nightshift/model";
import { type ComingAlarm, type IntakeWorld, takeAlarms, type Took } from "./intake.ts";
import { atSecond, type FakeIncidents, fakeIncidents } from "./testing/fake-incidents.ts";

/** A ledger with nothing in it, and what the tests of the intake ask of it. Tests only. */
export interface Stage extends FakeIncidents {
  readonly world: IntakeWorld;
  /** Seconds since 03:00. */
  now: number;
  readonly changes: ChangeNote[];
  readonly watched: WatchRecord[];
  readonly heard: Map<string, AlarmState>;
  readonly take: (coming: readonly ComingAlarm[], policy?: Partial<IncidentPolicy>) => Promise<Took>;
  /** The config's groups. */
  settings: readonly GuardSettings[];
  /** As they stand, oldest first; merged ones too. */
  readonly all: () => Promise<readonly Incident[]>;
}

export function stage(): Stage {
  const fake = fakeIncidents();
  const heard = new Map<string, AlarmState>();
  const changes: ChangeNote[] = [];
  const watched: WatchRecord[] = [];
  const world: IntakeWorld = {
    ...fake,
    clock: { now: () => atSecond(it.now) },
    signals: {
      read: async (service, since) => ({
        alarms: [...heard].filter(([key]) => key.startsWith(`${service}\n`)).map(([, alarm]) => alarm),
        changes: changes.filter((one) => one.service === service && one.at >= since),
      }),
      alarm: async (service, alarm) => {
        const known = heard.get(`${service}\n${alarm.name}`);
        if (known === undefined || known.since < alarm.since) heard.set(`${service}\n${alarm.name}`, alarm);
      },
      change: async (note) => void changes.push(note),
    },
    watches: { find: async (group) => watched.find((one) => one.group === group), replace: async () => true, all: async () => watched },
  };
  const it: Stage = {
    ...fake,
    world,
    now: 1,
    settings: [],
    changes,
    watched,
    heard,
    take: (coming, policy = {}) => takeAlarms(world, coming, { policy: policyFixture(policy), groups: it.settings, now: atSecond(it.now) }),
    all: async () => (await fake.incidents.list(100)).map(foldIncident).toReversed(),
  };
  return it;
}

/** An alarm's move so many seconds after 03:00; it is about the service before the slash, which is a group of its own. */
export function coming(name: string, value: AlarmMove["value"], at: number, over: Partial<AlarmMove> & { readonly group?: string } = {}): ComingAlarm {
  const { group, ...rest } = over;
  const service = rest.service ?? name.split("/")[0] ?? name;
  const move: AlarmMove = { name, service, value, at: atSecond(at), reason: `${name} is ${value}`, severity: "P3", role: "symptom", ...rest };
  return { message: `${name} ${value} ${at}`, move, group: group ?? service, title: `${name} rings`, listening: [] };
}

export const ring = (name: string, at: number, over: Parameters<typeof coming>[3] = {}): ComingAlarm => coming(name, "ALARM", at, over);
export const clear = (name: string, at: number, over: Parameters<typeof coming>[3] = {}): ComingAlarm => coming(name, "OK", at, over);
export const texts = (took: Took): readonly string[] => took.did.map((one) => one.text);
/** A rule ends it, so many seconds after 03:00. */
export const resolve = (it: Stage, id: string, at: number): Promise<boolean> =>
  it.incidents.say(id, { key: `resolved/${at}`, at: atSecond(at), kind: "resolved", text: "", announce: true, change: { what: "resolved", how: "alarms" } });
