import { type Failure, type ProtectedTask, UpdateServiceCommand, UpdateTaskProtectionCommand } from "@aws-sdk/client-ecs";
import type { Ms, ServiceRef } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type Scaling } from "@nightshift/ports";
import { lastPart } from "./ecs-names.ts";
import { inGroups } from "./pages.ts";
import { isGone, refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** Ten tasks a call, for 1 to 2,880 minutes. Source: "UpdateTaskProtection", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html, 2026-11-21. */
const tasksPerCall = 10;
const longestMinutes = 2_880;

/** How many workers run, changed. `setDesired`: 1 call. `protect`, `unprotect`: 1 for ten tasks. */
export const scalingFrom = (reach: Reach): Scaling => ({
  async setDesired(ref, desired) {
    const call = { operation: "ecs:UpdateService", on: nameOf(ref) };
    if (!Number.isInteger(desired) || desired < 0)
      throw new PortError("invalid", call.operation, call.on, `a desired count is a whole number from 0 on, not ${desired}`);
    await reach.calls.change(call, async () => (await reach.connections.ecs()).send(new UpdateServiceCommand(onlyDesired(ref, desired))));
  },
  async protect(ref, tasks, length) {
    for (const some of inGroups(tasks, tasksPerCall)) {
      const { failures, protectedTasks } = await updateProtection(reach, { ref, tasks: some, minutes: wholeMinutes(length) });
      refuseUnprotected(ref, some, { failures, told: protectedTasks });
    }
  },
  async unprotect(ref, tasks) {
    for (const some of inGroups(tasks, tasksPerCall)) {
      const { failures } = await updateProtection(reach, { ref, tasks: some, minutes: undefined });
      refuseFailures(
        { operation, on: nameOf(ref) },
        failures?.filter((failure) => !isGone(failure)),
      );
    }
  },
});

const operation = "ecs:UpdateTaskProtection";
const nameOf = (ref: ServiceRef): string => `${lastPart(ref.cluster)}/${ref.service}`;

/** All that a change of the count may send: with anything beside it ECS may begin a deployment. Source: "UpdateService", same reference, 2026-11-21. */
interface DesiredOnly {
  readonly cluster: string;
  readonly service: string;
  readonly desiredCount: number;
}
const onlyDesired = (ref: ServiceRef, desiredCount: number): DesiredOnly => ({ cluster: ref.cluster, service: ref.service, desiredCount });

/** Rounded up, within what ECS takes: protection that ends early protects nothing. */
const wholeMinutes = (length: Ms): number => Math.min(longestMinutes, Math.max(1, Math.ceil(length / 60_000)));

interface Update {
  readonly ref: ServiceRef;
  readonly tasks: readonly string[];
  /** Undefined: protection is taken back. */
  readonly minutes: number | undefined;
}

const updateProtection = ({ connections, calls }: Reach, { ref, tasks, minutes }: Update) =>
  calls.change({ operation, on: nameOf(ref) }, async () =>
    (await connections.ecs()).send(
      new UpdateTaskProtectionCommand({
        cluster: ref.cluster,
        tasks: [...tasks],
        protectionEnabled: minutes !== undefined,
        ...(minutes === undefined ? {} : { expiresInMinutes: minutes }),
      }),
    ),
  );

/**
 * Every task must be told as protected. `DEPLOYMENT_BLOCKED` means that more tasks would be protected than the service wants.
 * Source: "Protect your Amazon ECS tasks from being terminated by scale-in events",
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html, 2026-11-21.
 * @throws {PortError} `not-found`: all that failed are gone. `conflict`: blocked; both pass when the world is looked at again. `unavailable` else.
 */
function refuseUnprotected(
  ref: ServiceRef,
  asked: readonly string[],
  { failures = [], told = [] }: { readonly failures: readonly Failure[] | undefined; readonly told: readonly ProtectedTask[] | undefined },
): void {
  const safe = new Set(told.filter((task) => task.protectionEnabled === true).map((task) => lastPart(task.taskArn ?? "")));
  const bare = asked.map(lastPart).filter((task) => !safe.has(task));
  if (bare.length === 0 || !guard("protection is confirmed")) return;
  const why = new Map(failures.map(({ arn = "", reason, detail }) => [lastPart(arn), [reason, detail].filter((part) => part !== undefined).join(" ")]));
  const says = bare.map((task) => `${task} ${why.get(task) ?? "was not told as protected"}`).join("; ");
  throw new PortError(
    kindOf(bare.map((task) => failures.find(({ arn = "" }) => lastPart(arn) === task)?.reason)),
    operation,
    nameOf(ref),
    `not protected: ${says}`,
  );
}

function kindOf(reasons: readonly (string | undefined)[]): "not-found" | "conflict" | "unavailable" {
  if (reasons.includes("DEPLOYMENT_BLOCKED")) return "conflict";
  return reasons.every((reason) => isGone({ reason })) ? "not-found" : "unavailable";
}
