import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One major version of PostgreSQL that is installed here, with its server and client programs. */
export interface Programs {
  readonly major: number;
  /** Folder of initdb, postgres, pg_dump, pg_restore … */
  readonly bin: string;
}

/** Every major that is installed, oldest first: Debian's packages, and what scripts/postgres/install.sh put into /usr/local/lib. */
export function installedPrograms(): readonly Programs[] {
  const found: Programs[] = [];
  for (const { folder, name } of [
    { folder: "/usr/lib/postgresql", name: /^(\d+)$/ },
    { folder: "/usr/local/lib/postgresql", name: /^(\d+)$/ },
  ]) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder)) {
      const major = name.exec(entry)?.[1];
      const bin = path.join(folder, entry, "bin");
      if (major !== undefined && existsSync(path.join(bin, "initdb")) && existsSync(path.join(bin, "pg_dump"))) found.push({ major: Number(major), bin });
    }
  }
  return found.toSorted((a, b) => a.major - b.major);
}

/** The oldest installed major: Debian's own, which every machine of ours has. @throws when none is installed. */
export function programs(major?: number): Programs {
  const [found] = installedPrograms().filter((each) => major === undefined || each.major === major);
  if (found === undefined) throw new Error(`PostgreSQL ${major ?? "(any major)"} is not installed; run \`bash scripts/postgres/install.sh\` as root on Debian`);
  return found;
}

/** Who runs the server: it refuses root, so under root it is the system's user postgres. */
export function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((each) => each.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("there is no user postgres that could run the server: root cannot");
  return { uid: Number(uid), gid: Number(gid) };
}
