import { before, type EpochMs, hours, seconds } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";

/** What a heartbeat needs of the world. */
export type HeartWorld = Pick<World, "clock" | "heartbeats" | "directory" | "pages">;

/** What a beat is told. */
export interface BeatHow {
  readonly product: string;
  /** `prod`, or the stage's name. */
  readonly zone: string;
  /** False: no Slack is configured, and nobody is asked. */
  readonly slack: boolean;
  /** An address outside AWS that notices when beats stop coming. */
  readonly url: string | undefined;
  ping(url: string): Promise<void>;
  log(line: Readonly<Record<string, unknown>>): void;
}

/** Beats come once a minute and Slack is asked at every fifth, with half a minute for one that comes early. */
const ASK_EVERY = seconds(270);

/**
 * A beat has come the whole way from the schedule to here: counted as the metric `Heartbeat`, whose absence rings an alarm, and passed on
 * to the address outside. Every fifth one goes on to Slack. Slack's refusal is paged once an hour: in Slack nobody would read of it.
 */
export async function beat(world: HeartWorld, how: BeatHow): Promise<void> {
  const now = world.clock.now();
  how.log(metricLine(now, how, { Heartbeat: 1 }));
  if (how.url !== undefined) await passOn(how, how.url);
  if (!how.slack) return;
  const last = await world.heartbeats.last();
  if (last?.slackAt !== undefined && last.slackAt > before(now, ASK_EVERY)) return;
  await askSlack(world, how, now);
}

async function askSlack(world: HeartWorld, how: BeatHow, now: EpochMs): Promise<void> {
  try {
    await world.directory.whoAmI();
    await world.heartbeats.answered(now);
    how.log(metricLine(now, how, { SlackAnswers: 1 }));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    how.log(metricLine(now, how, { SlackAnswers: 0 }));
    how.log({ level: "error", message: "Slack did not answer the heartbeat", because: error.message });
    // Slack that is away a moment is tried again at the next beat; a token that is refused needs a person.
    if (error.kind === "denied") await pageOfToken(world, how, { now, because: error.message });
  }
}

/** One key an hour: whoever receives pages takes those with the same key for one. */
function pageOfToken({ pages }: HeartWorld, { product }: BeatHow, { now, because }: { now: EpochMs; because: string }): Promise<void> {
  return pages.page({
    severity: "P2",
    subject: `Nightshift cannot write to Slack (${product})`,
    text: `Slack refuses Nightshift's token, so incidents are told by this way only.\n${because}\nNext: install the app again from slack/manifest.json and store the new token.`,
    key: `heartbeat/slack/${Math.floor(now / hours(1))}`,
  });
}

/** The address outside may be down; that is for its owner to notice. */
async function passOn({ ping, log }: BeatHow, url: string): Promise<void> {
  try {
    await ping(url);
  } catch (error) {
    log({ level: "warn", message: "the heartbeat could not be passed on", because: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * A log line that CloudWatch makes metrics of, in the namespace `Nightshift` with the dimensions Product and Zone.
 * Source: "Specification: Embedded metric format", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html (2026-11-21).
 */
function metricLine(now: EpochMs, { product, zone }: BeatHow, metrics: Readonly<Record<string, number>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(metrics).map((Name) => ({ Name, Unit: "Count" }));
  return {
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: "Nightshift", Dimensions: [["Product", "Zone"]], Metrics: names }] },
    Product: product,
    Zone: zone,
    ...metrics,
  };
}
