import { activeRollback, freezesOf } from "@nightshift/decide/control";
import { type DeploymentStarted, sayLength, sayStamp, since } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { startWatch, tellIncident } from "@nightshift/runtime";
import { keyOfDue, startOnce } from "@nightshift/runtime/backup-due";
import type { manifest } from "./manifest.ts";
import type { Routed } from "./route.ts";

/** The part of the world the dispatcher sees. */
export type DispatcherWorld = Pick<World, (typeof manifest)["uses"][number]>;

/** Does what one event asks for, alarms apart (those are taken as a batch); safe to repeat for duplicates and retries. Returns what was done, for the log. */
export async function carryOut(world: DispatcherWorld, routed: Exclude<Routed, { kind: "alarm" }>): Promise<string> {
  switch (routed.kind) {
    case "ignore":
      return `ignored: ${routed.because}`;
    case "beat":
      await world.heartbeats.beat(routed.at);
      return "the heart beats";
    case "change":
      await world.signals.change(routed.note);
      return `remembered a ${routed.note.kind} of ${routed.note.service}`;
    case "tick":
      await world.ticks.now(routed.tick);
      return `asked for a look at ${routed.tick.service}`;
    case "backup": {
      const { job, due } = routed;
      await startOnce(world, job, { key: keyOfDue(job, due), input: due });
      return `started ${job} of ${due.of}`;
    }
    case "restored":
      await startOnce(world, "drill", { key: `drill/test/${routed.job}`, input: { job: routed.job, at: routed.at } });
      return `asked for a look at the restore ${routed.job}`;
    case "watch": {
      const did = await startWatch(world, routed.started);
      const frozen = await tellFrozen(world, routed.started);
      return frozen === undefined ? did : `${did}; ${frozen}`;
    }
  }
}

/** A deployment inside a freeze is watched like any other, and said. Nightshift does not stop it, and its own rollbacks pass. */
async function tellFrozen(world: DispatcherWorld, { group, service, deployment, at }: DeploymentStarted): Promise<string | undefined> {
  const control = await world.control.read();
  const now = world.clock.now();
  const freeze = freezesOf(control, now).find((one) => one.at <= at && ["all", service, group].includes(one.scope));
  if (freeze === undefined || activeRollback(control, service, now) !== undefined) return undefined;
  if ((await world.watches.find(group))?.ours.includes(deployment) === true) return undefined;
  const left = sayLength(since(now, freeze.until));
  const text = `${service} is being deployed inside the freeze of ${freeze.by} (${freeze.because}), which stands for another ${left}. It is watched; nothing stops it.`;
  await tellIncident(world, {
    header: {
      id: `INC-${sayStamp(at)}-${service}-frozen-${deployment.slice(-4)}`,
      group,
      service,
      severity: "P4",
      title: `${service} is being deployed inside a freeze`,
      openedAt: at,
      by: "nightshift/dispatcher",
      standing: "done",
      titled: false,
    },
    lines: [{ key: "frozen", at: now, kind: "seen", text, announce: true }],
    automation: "dispatcher",
    station: "frozen",
  });
  return "it is inside a freeze, which was said";
}
