import type { Resolved } from "@nightshift/config";
import type { S3Client } from "@aws-sdk/client-s3";
import { s3Deleting } from "@nightshift/vault/store/s3-deleting";
import { s3Reading } from "@nightshift/vault/store/s3-reading";
import { s3Writing } from "@nightshift/vault/store/s3-writing";
import type { Store } from "@nightshift/vault/store/store";
import type { LabAccount } from "../account.ts";
import { runnerProgram } from "../runner/program.ts";
import type { LabWorld } from "../world/index.ts";
import { names, runnerFamily } from "./names.ts";

/** The bucket of backups, as the stack makes it, and the runner of every database that the config names. */
export function installBackups(lab: LabAccount, world: LabWorld, { backups }: Pick<Resolved, "backups">): void {
  lab.s3.create(names.backups, { versioning: "Enabled", locked: true });
  const program = runnerProgram(lab, world.databases, names.backups);
  for (const { name, image } of backups.databases) {
    const container = { name: "runner", image, environment: [{ name: "NIGHTSHIFT_STORE", value: `s3://${names.backups}` }], stopTimeout: 120 };
    world.ecs.handle("RegisterTaskDefinition", { family: runnerFamily(name), containerDefinitions: [container], cpu: "2048", memory: "4096" }, "stack");
    world.ecs.oneOff.program(runnerFamily(name), program);
  }
}

/** What a function is told of the runner, by the names of its environment. */
export const runnerEnvironment = (
  world: LabWorld,
): Readonly<
  Record<"BACKUP_BUCKET" | "RUNNER_CLUSTER" | "RUNNER_TASK_DEFINITIONS" | "RUNNER_RESTORE_DEFINITIONS" | "RUNNER_SUBNETS" | "RUNNER_SECURITY_GROUPS", string>
> => ({
  BACKUP_BUCKET: names.backups,
  RUNNER_CLUSTER: "default",
  RUNNER_TASK_DEFINITIONS: JSON.stringify(Object.fromEntries(world.databases.names.map((name) => [name, runnerFamily(name)]))),
  RUNNER_RESTORE_DEFINITIONS: JSON.stringify(Object.fromEntries(world.databases.names.map((name) => [name, runnerFamily(name)]))),
  RUNNER_SUBNETS: "subnet-a,subnet-b",
  RUNNER_SECURITY_GROUPS: "sg-0runner",
});

/** The store of backups, over the account's own S3: `packages/vault`'s, with a client of the lab's. */
export function labStore(lab: LabAccount, caller: string): Store {
  // The lab's client answers S3's commands; the SDK's class cannot be made for it.
  const client = lab.client("s3", caller) as unknown as S3Client;
  const random = lab.kernel.random(`patience of ${caller}`);
  const patience = { random, pause: async (length: number) => void (await lab.clock.sleep(length)) };
  const reach = { client, bucket: names.backups, prefix: "", patience, newestDate: () => lab.clock.now() };
  const reading = s3Reading(reach);
  return { ...reading, ...s3Writing(reach, reading), ...s3Deleting(reach, reading) };
}
