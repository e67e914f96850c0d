import type { DatabaseSettings, EpochMs } from "@nightshift/model";
import { automation, type MutationOutcome } from "@nightshift/runtime";
import { settleComparison, startComparison } from "@nightshift/runtime/compare-restored";
import { manifest } from "./manifest.ts";

/** AWS Backup finished a restore. */
export interface RestoreFinished {
  readonly job: string;
  readonly at: EpochMs;
}

interface ValidateFacts {
  readonly at: EpochMs;
  readonly job: { readonly status: string; readonly created: string | undefined; readonly source: string | undefined };
  readonly database: string | undefined;
  readonly endpoint: string | undefined;
}
interface Compare {
  readonly kind: "compare";
  readonly because: readonly string[];
  readonly of: string;
  readonly endpoint: string;
}
interface LeaveJob {
  readonly kind: "leave";
  readonly because: readonly string[];
}

/** Answers AWS Backup's restore test of a database of ours: it restored an instance, which is compared; AWS Backup deletes it. */
export const validate = automation({
  name: "drill",
  uses: manifest.uses,
  key: ({ job }: RestoreFinished) => `drill/test/${job}`,
  chain: ({ job }) => `restore-test/${job}`,

  detect: (event, databases: readonly DatabaseSettings[], run): Promise<ValidateFacts> =>
    run.step("look at the restore test", async (world) => {
      const job = await world.restoreTests.job(event.job);
      const source = databases.find(({ instance }) => instance !== undefined && nameIn(job.source) === instance);
      const created = source === undefined || job.created === undefined ? undefined : await world.databases.instance(nameIn(job.created));
      return { at: world.clock.now(), job, database: source?.name, endpoint: created?.endpoint };
    }),

  decide: ({ job, database, endpoint }): Compare | LeaveJob => {
    const leave = (because: string): LeaveJob => ({ kind: "leave", because: [because] });
    if (job.status !== "COMPLETED") return leave(`the restore is ${job.status}`);
    if (database === undefined) return leave("it is not of a database of nightshift.config.ts");
    if (endpoint === undefined) return leave("the instance that it made is gone, or has no address");
    return { kind: "compare", because: [`AWS Backup restored ${database} and asks whether it is right`], of: database, endpoint };
  },

  // Nothing of production is changed by comparing, and by saying what was found.
  consent: () => "given" as const,

  act: async (verdict: Compare, _facts, run): Promise<{ readonly verdict: Compare; readonly started: MutationOutcome<string> }> => {
    // AWS Backup does not say of which moment the copy is: the runner finds a dump or a manifest that is older by the logs' positions (and a manifest that is newer), or says that there is none.
    const started = await startComparison(run, {
      of: verdict.of,
      run: run.key.replaceAll("/", "-"),
      name: "start the comparison",
      intent: { endpoint: verdict.endpoint },
      job: { target: verdict.endpoint },
    });
    return { verdict, started };
  },

  verify: async ({ verdict, started }, { job: _ }, run) => {
    const compared = await settleComparison(run, { of: verdict.of, run: run.key.replaceAll("/", "-"), started });
    const passed = compared.kind === "proven";
    const against = compared.end?.findings.filter((finding) => finding.startsWith("held against ")) ?? [];
    const message = [...compared.because, ...against].join("; ").slice(0, 1_000);
    const answered = await run.mutate<"answered">({
      name: "answer AWS Backup",
      service: verdict.of,
      intent: { passed, message },
      epoch: undefined,
      look: async () => ({ kind: "go" }),
      call: async ({ restoreTests }) => {
        await restoreTests.answer(run.key.slice("drill/test/".length), { passed, message });
        return "answered";
      },
    });
    return { kind: passed ? ("passed" as const) : ("failed" as const), message, answered: answered.kind === "done" };
  },

  tell: (story) => {
    const because = story.verdict.because;
    // AWS Backup shows the answer; a test that failed rings through its own job state, and the drill and the night tell their own.
    const verdict = story.ending === "acted" ? story.outcome.kind : story.verdict.kind;
    return { incident: undefined, lines: [], verdict, because: story.ending === "acted" ? [story.outcome.message] : because };
  },
  remember: async () => {},
});

/** `arn:aws:rds:…:db:shop-prod` → `shop-prod`. */
const nameIn = (arn: string | undefined): string => arn?.split(":").at(-1) ?? "";
