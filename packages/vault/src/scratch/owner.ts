import { readFileSync } from "node:fs";

/** Changes with every boot: a process id of another boot says nothing. Empty where there is no /proc. */
export const boot = (): string => readText("/proc/sys/kernel/random/boot_id").slice(0, 6);

/** When a process started (field 22 of /proc/PID/stat, Linux manual page proc_pid_stat(5), 2026-11-21), since process ids are used again; empty where there is no /proc. */
export const startOf = (pid: number): string => readText(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[19] ?? "";

/** Whether a process of this boot, known by its id and its start, still lives. */
export const lives = (pid: number, started: string): boolean => started === startOf(pid) && isAlive(pid);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process that we may not signal is alive.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** A file's text without the space around it; empty where it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
