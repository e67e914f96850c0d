import { type BackupSettings, hours, minutes } from "@nightshift/model";
import { atOnce, plainCheckpoints, play } from "@nightshift/runtime";
import { sampler } from "./automation.ts";
import { type SamplerWorld, sampledOf } from "./settings.ts";

/** How often the schedule rings (manifest.ts). */
const EVERY = minutes(5);
/** Things that are looked at together. */
const AT_ONCE = 8;

/** What the sampler works with. */
export interface Sampling {
  readonly world: SamplerWorld;
  readonly backups: BackupSettings;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Looks at everything that is backed up. What fails at one thing keeps no other from being looked at, and is thrown at the end. */
export async function sample({ world, backups, log }: Sampling): Promise<void> {
  const tick = Math.floor(world.clock.now() / EVERY);
  const hourly = tick % Math.round(hours(1) / EVERY) === 0;
  const things = sampledOf(backups);
  const looked = await atOnce(things, AT_ONCE, (sampled) =>
    play(sampler, { event: { of: sampled.of, occasion: String(tick), hourly }, settings: sampled, world, checkpoints: plainCheckpoints() }),
  );
  const failed: unknown[] = [];
  for (const [n, result] of looked.entries()) {
    if (result.status === "rejected") failed.push(result.reason);
    else if (result.value.verdict.wrong.length > 0) log({ of: things[n]?.of, wrong: result.value.verdict.because });
  }
  if (failed.length > 0) throw failed.length === 1 ? failed[0] : new AggregateError(failed, failed.map(String).join("; "));
}
