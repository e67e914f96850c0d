import { always, defineNightshift, ecs, onAlarm, resolve } from "@nightshift/config";
import { type AccountSettings, createAccount, installNightshift, type LabAccount, LabWorld } from "@nightshift/lab";
import { loadAdapters } from "@nightshift/lab/connections";
import { tellAlarm } from "@nightshift/lab/world/alarm-events";
import { type EpochMs, epochMs, ms, type Ms, type Severity } from "@nightshift/model";

/** A product of services that do nothing but exist, Nightshift installed over it, and the means to make alarms ring. */
export interface Bench {
  readonly lab: LabAccount;
  readonly installed: ReturnType<typeof installNightshift>;
  /** An alarm of one service changes, as CloudWatch tells EventBridge. */
  ring(service: string, alarm: string, value?: "ALARM" | "OK"): void;
  /** Lets this much time pass. */
  pass(length: Ms): Promise<void>;
  now(): EpochMs;
}

/** What a bench is made of. */
export interface BenchSettings extends Omit<AccountSettings, "startAt" | "slack"> {
  readonly services: number;
  /** How grave every alarm is. */
  readonly severity: Severity;
  /** Each service has a channel of its own. */
  readonly channelsByService?: boolean;
  readonly slack?: Partial<NonNullable<AccountSettings["slack"]>>;
}

/** A Monday afternoon in March: nobody waits for business hours, and the morning's digest is not posted in between. */
const START = epochMs(Date.UTC(2026, 2, 16, 13, 0, 0));

/** The channel that all incidents go to. */
export const CHANNEL = "C0INCIDENTS";

/** Names of the services: `svc-01`, `svc-02` … */
export const serviceNames = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `svc-${String(n + 1).padStart(2, "0")}`);

/** Opens a fresh account. Slack keeps to its published limits strictly unless the settings say otherwise. */
export async function openBench({ services, severity, channelsByService = false, slack = {}, ...account }: BenchSettings): Promise<Bench> {
  await loadAdapters();
  const names = serviceNames(services);
  const lab = createAccount({ ...account, startAt: START, slack: { strict: true, ...slack } });
  const world = new LabWorld(lab.kernel);
  world.product({ name: "bench", cluster: "bench", services: names.map((name) => ({ name, desired: 1 })) });
  const config = defineNightshift({
    product: "bench",
    mode: "shadow",
    channels: { incidents: CHANNEL },
    slack: { team: "T0LAB", app: "A0LAB" },
    people: { ana: { slack: "U0ANA", roles: ["operator"] }, lead: { slack: "U0LEAD", roles: ["owner"] } },
    onCall: always(["ana"]),
    incidents: {
      channels: channelsByService ? Object.fromEntries(names.map((name, n) => [name, `C0SVC${String(n).padStart(2, "0")}`])) : {},
      alarms: names.map((name) => onAlarm(`${name}/*`, { service: name, severity, role: "symptom" })),
    },
    services: Object.fromEntries(names.map((name) => [name, ecs({ cluster: "bench" })])),
  });
  const installed = installNightshift(lab, world, { config: resolve(config) });
  const ring: Bench["ring"] = (service, alarm, value = "ALARM") => tellAlarm(lab.kernel, `${service}/${alarm}`, value);
  return { lab, installed, ring, pass: (length) => lab.pass(length), now: () => lab.clock.now() };
}

/** Rings so many alarms evenly over a length of time, by turns over the services. */
export function storm(bench: Bench, { services, alarms, within }: { readonly services: number; readonly alarms: number; readonly within: Ms }): void {
  const names = serviceNames(services);
  for (let n = 0; n < alarms; n++) {
    const name = names[n % names.length] ?? "svc-01";
    bench.lab.clock.in(ms((within * n) / alarms), () => bench.ring(name, `alarm-${String(Math.floor(n / names.length)).padStart(4, "0")}`));
  }
}
