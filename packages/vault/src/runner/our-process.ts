import { hostname } from "node:os";
import { boot, lives, startOf } from "../scratch/owner.ts";
import { sha256 } from "./digest.ts";

/** This process as reports name it: the machine as a digest, so that no store learns its name. */
export const ourProcess = (): string => `${thisMachine()}.${startOf(process.pid)}.${process.pid}`;

/** Whether a process that a report names still lives; undefined: it is of another machine, or nobody can tell. */
export function isLivingHere(named: string | undefined): boolean | undefined {
  const [machine, started = "", pid] = named?.split(".") ?? [];
  return machine === thisMachine() && started !== "" ? lives(Number(pid), started) : undefined;
}

const thisMachine = (): string => sha256(Buffer.from(`${hostname()} ${boot()}`)).slice(0, 16);
