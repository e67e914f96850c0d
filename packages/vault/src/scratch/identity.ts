import { readFileSync } from "node:fs";

/** Who a child process runs as. */
export interface ChildIdentity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who PostgreSQL's own programs run as when we are root: they refuse root ("initdb: cannot be run as root", PostgreSQL manual, initdb,
 * https://www.postgresql.org/docs/15/app-initdb.html, 2026-11-21). Undefined: as ourselves.
 */
export function serverIdentity(
  uid: number | undefined = process.getuid?.(),
  passwd: () => string = () => readFileSync("/etc/passwd", "utf8"),
): ChildIdentity | undefined {
  if (uid !== 0) return undefined;
  const accounts = passwd()
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const account = accounts.find((fields) => fields[0] === name);
    const identity = { uid: Number(account?.[2]), gid: Number(account?.[3]) };
    if (Number.isInteger(identity.uid) && Number.isInteger(identity.gid) && identity.uid > 0) return identity;
  }
  throw new Error(
    "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody to run it as. Run the command as an ordinary user.",
  );
}
