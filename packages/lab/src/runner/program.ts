import { type BackupId, type EpochMs, ms, readCommitRecord } from "@nightshift/model";
import type { RunnerJob } from "@nightshift/ports";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { LabAccount } from "../account.ts";
import type { OneOffProcess, OneOffProgram } from "../services/ecs/oneOff.ts";
import { inScope } from "../time/scope.ts";
import { type LabDatabases, taking } from "./databases.ts";
import { playRun, type RunStage } from "./play.ts";
import { sha256, type Written } from "./records.ts";

/** The variable of the runner's container that holds its job as JSON. */
export const JOB = "NIGHTSHIFT_JOB";
/** SIGTERM: it left nothing half done. */
const STOPPED = 4;

/** The runner's container in the simulated account: what it does there, over the account's own S3. */
export function runnerProgram(lab: LabAccount, databases: LabDatabases, bucket: string): OneOffProgram {
  const stage = runStage(lab, databases, bucket);
  return {
    started: (process) => inScope(lab.clock.world, () => void run(process, { databases, stage: stage(process) })),
    terminate: (process) => process.exit(STOPPED),
  };
}

async function run(process: OneOffProcess, { databases, stage }: { readonly databases: LabDatabases; readonly stage: RunStage }): Promise<void> {
  // Written by our own `Runners`.
  const job = JSON.parse(process.environment[JOB] ?? "{}") as RunnerJob;
  const result = await playRun(stage, job, {
    database: databases.find(job.of),
    trouble: databases.befalls(job.of, job.do === "manifest" ? "manifest" : "backup"),
  });
  if (result.kind === "exits") process.exit(result.code);
  if (result.kind === "killed") process.exit(137, "OutOfMemoryError: Container killed due to memory usage");
}

const runStage =
  (lab: LabAccount, databases: LabDatabases, bucket: string) =>
  (process: OneOffProcess): RunStage => {
    const s3 = lab.client("s3", "runner");
    // A container that is gone does nothing more.
    const alive = async <T>(work: () => Promise<T>): Promise<T> => (process.runs() ? work() : new Promise<T>(() => {}));
    return {
      now: (): EpochMs => lab.clock.now(),
      rates: databases.rates,
      pause: (length) => alive(async () => lab.clock.sleep(length)).then(() => alive(async () => undefined)),
      put: (object, onlyIfAbsent) => alive(() => patiently(lab, () => put(lab, { bucket, object, onlyIfAbsent }))),
      get: (key) => alive(() => patiently(lab, () => read(s3, bucket, key))),
      olderThan: (of, moment) => alive(async () => olderThan(lab, bucket, { of, moment })),
      instance(target) {
        const id = target.split(".")[0] ?? "";
        const found = lab.rds.readable(id);
        if (found === undefined) return undefined;
        return { ...found, hydration: ms(Math.round(taking(found.bytes, found.hydrationBytesPerSecond) * found.left)), read: () => lab.rds.hydrated(id) };
      },
    };
  };

/** Ids sort by their schedule. */
function olderThan(lab: LabAccount, bucket: string, { of, moment }: { readonly of: string; readonly moment: EpochMs }): BackupId | undefined {
  const older = lab.s3.keys(bucket).flatMap((key) => {
    const bytes = key.startsWith(`${of}/data/`) && key.endsWith("/manifest.json") ? lab.s3.bucket(bucket).current(key)?.bytes : undefined;
    const read = bytes === undefined ? undefined : readCommitRecord(bytes, sha256);
    return read?.ok === true && read.record.contentsOf < moment ? [read.record.id] : [];
  });
  return older.at(-1);
}

async function put(
  lab: LabAccount,
  { bucket, object, onlyIfAbsent }: { readonly bucket: string; readonly object: Written; readonly onlyIfAbsent: boolean },
): Promise<"stored" | "taken"> {
  try {
    const command = new PutObjectCommand({ Bucket: bucket, Key: object.key, Body: object.body, ...(onlyIfAbsent ? { IfNoneMatch: "*" } : {}) });
    await lab.client("s3", "runner").send(command);
    return "stored";
  } catch (error) {
    if (!(error instanceof Error && error.name === "PreconditionFailed")) throw error;
    // After a lost answer our own object lies there.
    const there = await read(lab.client("s3", "runner"), bucket, object.key);
    return there !== undefined && Buffer.from(there).equals(Buffer.from(object.body)) ? "stored" : "taken";
  }
}

async function read(s3: ReturnType<LabAccount["client"]>, bucket: string, key: string): Promise<Uint8Array | undefined> {
  try {
    const answer = await s3.send<{ readonly Body: { transformToByteArray(): Promise<Uint8Array> } }>(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await answer.Body.transformToByteArray();
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** What S3 does not take just now it takes a second later, ten times. */
async function patiently<T>(lab: LabAccount, work: () => Promise<T>): Promise<T> {
  for (let left = 10; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      const passing = error instanceof Error && /SlowDown|Unavailable|Timeout|InternalError/.test(error.name);
      if (!passing || left === 0) throw error;
      await lab.clock.sleep(ms(1_000));
    }
  }
}
