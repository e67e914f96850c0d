import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { backupId } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { sweepLeftovers } from "@nightshift/vault/runner/leftovers";
import { findPrograms } from "@nightshift/vault/runner/programs";
import type { RunnerWorld } from "@nightshift/vault/runner/world";
import { DATA, makeScratchDirectory, sweepScratch } from "@nightshift/vault/scratch/directory";
import { keysOf, runKeys } from "@nightshift/vault/store/layout";
import { openStore } from "@nightshift/vault/store/open";
import { temporaryFolder } from "@nightshift/vault/testing/archives";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });

/** Whether a program that says that it is of version 15 is taken for a server of version 17. */
async function wrongProgramIsRefused(): Promise<boolean> {
  const bin = await temporaryFolder();
  await writeFile(path.join(bin, "pg_dump"), "#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.18'\n");
  await chmod(path.join(bin, "pg_dump"), 0o755);
  return findPrograms({ major: 17, needs: ["pg_dump"], bin, path: "" }).then(
    () => false,
    () => true,
  );
}

/** Whether a process that is no scratch server outlives the sweep of a directory whose pid file names it. */
async function bystanderLives(): Promise<boolean> {
  const within = await temporaryFolder();
  const abandoned = path.join(within, "nightshift-0-1-0-abcdef", DATA);
  await mkdir(abandoned, { recursive: true });
  const bystander = spawn("sleep", ["60"], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => bystander.once("exit", () => resolve()));
  await new Promise((resolve) => bystander.once("spawn", resolve));
  await writeFile(path.join(abandoned, "postmaster.pid"), `${bystander.pid}\n`);
  await sweepScratch(within);
  // A signal that was sent is sent before the sweep returns; our own comes after it.
  bystander.kill("SIGTERM");
  await ended;
  return bystander.signalCode === "SIGTERM";
}

/** Whether an upload of a run that still reports is left open. */
async function uploadStays(): Promise<boolean> {
  const [store, scratch] = [openStore(await temporaryFolder()), await temporaryFolder()];
  const upload = await store.upload(keysOf("shop", backupId("shop-1")).segment(1), { signal: new AbortController().signal });
  const report = { run: "night-1", of: "shop", backup: "shop-1", phase: "dumping", at: 1 };
  await store.put(runKeys("shop", "night-1").progress, Buffer.from(JSON.stringify(report)));
  // What the sweep looks at; the rest of a runner's world it does not touch.
  const world = { store, deadAfter: 600_000, machine: { scratch } } as unknown as RunnerWorld;
  await sweepLeftovers(world, { of: "shop", id: undefined, run: "restore-1" });
  const left = await store.openUploads("shop/");
  await upload.abort();
  return left.length === 1;
}

/** What the runner does on its own machine and beside other runs, without each protective line. */
export const backupRunnerGuards: readonly GuardCase[] = [
  only("a server is dumped by programs of its own version", "a pg_dump of another version is refused", wrongProgramIsRefused),
  only("a living run keeps its uploads", "an upload of a run that reports is not ended by another run", uploadStays),
  only("only what dead runs left is swept", "the scratch directory of a process that lives stays", async () => {
    const within = await temporaryFolder();
    await makeScratchDirectory(within, undefined);
    await sweepScratch(within);
    return (await readdir(within)).length === 1;
  }),
  only("only what dead runs left is swept", "what is nobody's scratch directory stays", async () => {
    const within = await temporaryFolder();
    await mkdir(path.join(within, "photos"));
    await sweepScratch(within);
    return (await readdir(within)).length === 1;
  }),
  only("only a scratch server is ended", "a process of which only the number is the same lives", bystanderLives),
];
