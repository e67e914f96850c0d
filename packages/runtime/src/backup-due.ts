import { type BackupDue, type BackupSeries, epochMs, sayStamp } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";
import { executionName } from "./start-watch.ts";

const series: readonly BackupSeries[] = ["nightly", "safety", "before-deploy", "manual"];

/** What a function was started with. @throws for anything else: whoever started it must be told. */
export function parseBackupDue(raw: unknown): BackupDue {
  if (typeof raw === "object" && raw !== null && "of" in raw && "scheduled" in raw && "series" in raw) {
    const { of, scheduled } = raw;
    const known = series.find((one) => one === raw.series);
    const by = "by" in raw && typeof raw.by === "string" ? { by: raw.by } : {};
    if (typeof of === "string" && of !== "" && typeof scheduled === "number" && Number.isSafeInteger(scheduled) && known !== undefined)
      return { of, scheduled: epochMs(scheduled), series: known, ...by };
  }
  throw new Error(`it is started with {"of": "shop", "scheduled": 1795226400000, "series": "nightly"}, got ${JSON.stringify(raw)?.slice(0, 200)}`);
}

/** The work's key: the same thing, minute and series are the same work, however often the event comes. */
export const keyOfDue = (job: string, { of, scheduled, series: of2 }: BackupDue): string => `${job}/${of}/${sayStamp(scheduled)}/${of2}`;

/** Starts a durable function once for a piece of work; one that runs, or ran, is not started again. */
export async function startOnce(
  { starter }: Pick<World, "starter">,
  automation: string,
  { key, input }: { readonly key: string; readonly input: unknown },
): Promise<void> {
  try {
    await starter.start(automation, executionName(automation, key), input);
  } catch (error) {
    const running = error instanceof PortError && error.kind === "conflict" && error.message.includes("DurableExecutionAlreadyStarted");
    if (!running) throw error;
  }
}
