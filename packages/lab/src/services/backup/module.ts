import type { DescribeRestoreJobOutput } from "@aws-sdk/client-backup";
import { type EpochMs, minutes, type Ms } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { fields, maybeText, notModelled, text } from "../input.ts";

interface RestoreJob {
  readonly id: string;
  readonly created: string;
  readonly source: string;
  readonly at: EpochMs;
  status: "RUNNING" | "COMPLETED" | "FAILED";
  finishedAt: EpochMs | undefined;
  validation: string | undefined;
  validationMessage: string | undefined;
}

/** AWS Backup as far as restore tests go: jobs that restore, and the answer that somebody gives ("Restore testing validation", https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html, 2026-11-21). */
export class AwsBackup implements ServiceModule {
  readonly service = "backup";
  readonly mutating: ReadonlySet<string> = new Set(["PutRestoreValidationResult"]);
  readonly #kernel: Kernel;
  readonly #jobs = new Map<string, RestoreJob>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** A restore test of AWS Backup's own begins: its instance appears and is told of when the job is over. */
  restoreTest(test: {
    readonly id: string;
    readonly instance: string;
    readonly source: string;
    readonly takes?: Ms;
    readonly fails?: boolean;
    readonly arrives?: () => void;
  }): void {
    const { clock } = this.#kernel;
    const job: RestoreJob = {
      id: test.id,
      created: `arn:aws:rds:${this.#kernel.region}:${this.#kernel.accountId}:db:${test.instance}`,
      source: test.source,
      at: clock.now(),
      status: "RUNNING",
      finishedAt: undefined,
      validation: undefined,
      validationMessage: undefined,
    };
    this.#jobs.set(test.id, job);
    clock.in(test.takes ?? minutes(12), () => {
      job.status = test.fails === true ? "FAILED" : "COMPLETED";
      job.finishedAt = clock.now();
      test.arrives?.();
      this.#tell(job);
    });
  }

  /** What was answered about a job. */
  answered(id: string): { readonly validation: string | undefined; readonly message: string | undefined } {
    const job = this.#job(id);
    return { validation: job.validation, message: job.validationMessage };
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    switch (operation) {
      case "DescribeRestoreJob":
        return this.#describe(this.#job(text(request, "RestoreJobId")));
      case "PutRestoreValidationResult": {
        const job = this.#job(text(request, "RestoreJobId"));
        if (job.status !== "COMPLETED") throw new AwsFault("InvalidRequestException", `Restore job ${job.id} is ${job.status}.`);
        job.validation = text(request, "ValidationStatus");
        job.validationMessage = maybeText(request, "ValidationStatusMessage");
        return {};
      }
      default:
        throw notModelled("backup", operation);
    }
  }

  #job(id: string): RestoreJob {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new AwsFault("ResourceNotFoundException", `Cannot find restore job ${id}`);
    return job;
  }

  #describe(job: RestoreJob): DescribeRestoreJobOutput {
    return {
      AccountId: this.#kernel.accountId,
      RestoreJobId: job.id,
      RecoveryPointArn: job.source,
      ResourceType: "RDS",
      CreationDate: new Date(job.at),
      Status: job.status,
      PercentDone: job.status === "RUNNING" ? "50%" : "100%",
      CreatedResourceArn: job.created,
      ...(job.finishedAt === undefined ? {} : { CompletionDate: new Date(job.finishedAt) }),
      // The types list the states; what was put is kept as it came.
      ...(job.validation === undefined ? {} : { ValidationStatus: job.validation as NonNullable<DescribeRestoreJobOutput["ValidationStatus"]> }),
      ...(job.validationMessage === undefined ? {} : { ValidationStatusMessage: job.validationMessage }),
    };
  }

  /** "Restore Job State Change" ("Monitoring AWS Backup events using EventBridge", https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html, 2026-11-21). */
  #tell(job: RestoreJob): void {
    this.#kernel.emit({
      source: "aws.backup",
      detailType: "Restore Job State Change",
      resources: [job.source],
      detail: {
        restoreJobId: job.id,
        resourceType: "RDS",
        creationDate: new Date(job.at).toISOString(),
        status: job.status,
        createdResourceArn: job.created,
        ...(job.finishedAt === undefined ? {} : { completionDate: new Date(job.finishedAt).toISOString() }),
      },
    });
  }
}
