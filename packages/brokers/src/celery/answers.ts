import type { EpochMs, WorkerReading } from "@nightshift/model";
import { type ControlAnswer, isRecord, readJson } from "./wire.ts";

/** Answers to the five questions that say all about a worker. A method that nobody answered is left out or empty. */
export interface AnswersByMethod {
  readonly active: readonly ControlAnswer[];
  readonly reserved: readonly ControlAnswer[];
  readonly scheduled: readonly ControlAnswer[];
  readonly stats: readonly ControlAnswer[];
  readonly active_queues: readonly ControlAnswer[];
}

/** The questions, in the order they are asked. `safe` spares the arguments of tasks, which may be large (celery 5.6.3 `control.py`, `active`). */
export const questions = [
  { method: "active", arguments: { safe: true } },
  { method: "reserved", arguments: {} },
  { method: "scheduled", arguments: {} },
  { method: "stats", arguments: {} },
  { method: "active_queues", arguments: {} },
] as const;

/** What the workers said, one reading a worker, by name. A worker that did not say what it executes is absent: nobody knows it to be idle. */
export function readWorkers(answers: AnswersByMethod, at: EpochMs): readonly WorkerReading[] {
  return answers.active
    .flatMap(({ worker }) => {
      const active = countOf(saidBy(answers.active, worker));
      if (active === undefined) return [];
      const stats = saidBy(answers.stats, worker);
      return [
        {
          name: worker,
          ip: ipOf(worker),
          at,
          active,
          reserved: countOf(saidBy(answers.reserved, worker)),
          scheduled: countOf(saidBy(answers.scheduled, worker)),
          processed: processedOf(stats),
          slots: slotsOf(stats),
          queues: queueNames(saidBy(answers.active_queues, worker)),
        },
      ];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Heartbeats, each the JSON text of an event: the newest of every worker. `processed` is what it was handed and began since it started.
 * Source: celery 5.6.3 `celery/worker/heartbeat.py` (`active`, `processed`, `freq`), every 2 s unless `--without-heartbeat`.
 */
export function readHeartbeats(texts: readonly string[], at: EpochMs): readonly WorkerReading[] {
  const newest = new Map<string, { readonly clock: number; readonly reading: WorkerReading }>();
  for (const text of texts) {
    const event = readJson(text);
    for (const beat of Array.isArray(event) ? event : [event]) {
      if (!isRecord(beat) || beat["type"] !== "worker-heartbeat" || typeof beat["hostname"] !== "string") continue;
      const active = wholeNumber(beat["active"]);
      if (active === undefined) continue;
      const clock = wholeNumber(beat["clock"]) ?? 0;
      const known = newest.get(beat["hostname"]);
      if (known !== undefined && known.clock > clock) continue;
      const reading = { name: beat["hostname"], ip: ipOf(beat["hostname"]), at, active, processed: wholeNumber(beat["processed"]) };
      newest.set(beat["hostname"], { clock, reading: { ...reading, reserved: undefined, scheduled: undefined, slots: undefined, queues: undefined } });
    }
  }
  return [...newest.values()].map((one) => one.reading).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The IPv4 that a node name carries, as ECS names hosts in a VPC: `celery@ip-10-0-1-23.eu-central-1.compute.internal`, `celery@10.0.1.23`. */
export function ipOf(worker: string): string | undefined {
  const host = worker.slice(worker.lastIndexOf("@") + 1);
  const parts = /^(?:ip-)?(\d{1,3})[-.](\d{1,3})[-.](\d{1,3})[-.](\d{1,3})(?:\.[a-z]|$)/i.exec(host)?.slice(1).map(Number);
  return parts === undefined || parts.some((part) => part > 255) ? undefined : parts.join(".");
}

/** Undefined also for two who answer under one name: nobody knows which of them it is. */
function saidBy(answers: readonly ControlAnswer[], worker: string): unknown {
  const [said, another] = answers.filter((one) => one.worker === worker);
  return another === undefined ? said?.says : undefined;
}

const countOf = (says: unknown): number | undefined => (Array.isArray(says) ? says.length : undefined);

const wholeNumber = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined);

/** `total` counts by task name what was begun. */
function processedOf(stats: unknown): number | undefined {
  const total = isRecord(stats) ? stats["total"] : undefined;
  if (!isRecord(total)) return undefined;
  return Object.values(total).reduce<number>((sum, one) => sum + (wholeNumber(one) ?? 0), 0);
}

function slotsOf(stats: unknown): number | undefined {
  const pool = isRecord(stats) ? stats["pool"] : undefined;
  return isRecord(pool) ? wholeNumber(pool["max-concurrency"]) : undefined;
}

function queueNames(says: unknown): readonly string[] | undefined {
  if (!Array.isArray(says)) return undefined;
  return says.flatMap((queue) => (isRecord(queue) && typeof queue["name"] === "string" ? [queue["name"]] : []));
}
