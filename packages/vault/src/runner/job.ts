import type { AssertionSettings, DatabaseSettings } from "@nightshift/model";
import type { RunnerJob } from "@nightshift/ports";

/**
 * The environment of the runner's container. Whoever starts it sets the first three; the URL is injected by ECS from the secret that the
 * config names (`secrets` of the container definition: "Pass sensitive data to an Amazon ECS container",
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html, 2026-11-21), so that no payload ever holds it.
 */
export const runnerVariables = {
  /** A {@link RunnerJob} as JSON. */
  job: "NIGHTSHIFT_JOB",
  /** `s3://bucket/prefix`, or a directory. */
  store: "NIGHTSHIFT_STORE",
  /** {@link ProofSettings} as JSON; absent: no gates, no assertions. */
  settings: "NIGHTSHIFT_PROOF_SETTINGS",
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE` of the source. A target (`job.target`) is an endpoint that takes the same user and password. */
  url: "NIGHTSHIFT_DATABASE_URL",
  /** The same of the role that restores: in the task of a restore alone. */
  restoreUrl: "NIGHTSHIFT_RESTORE_URL",
  /** Hosts beside the config's own that a target may be, by commas; a `*` stands for anything within one label. Set by the stack. */
  targetHosts: "NIGHTSHIFT_TARGET_HOSTS",
  /** File of the authorities that a target's certificate is held against. */
  authorities: "NIGHTSHIFT_DATABASE_CA",
  /** Where scratch servers live; absent: the system's directory for temporary files. */
  scratch: "NIGHTSHIFT_SCRATCH",
} as const;

/** What the config says about a database that the runner needs to know. */
export type ProofSettings = Partial<Pick<DatabaseSettings, "gates" | "withoutExtensions" | "proveEvery">> & {
  readonly assertions?: readonly AssertionSettings[];
};

/** How the runner's process ends. The outcome in the store says more; the code says what to do without it. */
export const runnerExits = {
  /** Done: taken, verified, restored, or equal. */
  done: 0,
  /** The backup or its proof failed: the outcome says why. */
  failed: 1,
  /** The job, the store or the settings cannot be read: trying again changes nothing. */
  misconfigured: 2,
  /** PostgreSQL's programs of the server's major version are not in the image. */
  "programs missing": 3,
  /** It was asked to stop, and left nothing behind. */
  stopped: 4,
  /** Equal to its source, whose contents look wrong. */
  suspect: 5,
  /** It did not end within the longest that a run lives: its outcome says so. */
  "took too long": 6,
} as const;

/** What a job has to hold to be started. @throws with the name of what is missing. */
export function readJob(text: string | undefined): RunnerJob {
  if (text === undefined || text === "") throw new Error(`${runnerVariables.job} is not set: it holds the job as JSON.`);
  const value: unknown = JSON.parse(text);
  const job = typeof value === "object" && value !== null ? value : {};
  for (const field of ["run", "of", "do"] as const) {
    if (!(field in job))
      throw new Error(
        `${runnerVariables.job} lacks "${field}": expected {"run", "of", "do", "backup"?, "scheduled"?, "series"?, "target"?, "side"?, "slices"?}.`,
      );
  }
  // Written by our own `Runners`; the fields that every job has were looked for above.
  return job as RunnerJob;
}
