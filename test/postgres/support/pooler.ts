import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type Cluster, freePort } from "./cluster.ts";
import { serverUser } from "./programs.ts";

/** PgBouncer in transaction mode in front of a cluster: each transaction may be another session of the server. */
export interface Pooler {
  readonly url: (database: string, user: string) => string;
  readonly stop: () => Promise<void>;
}

/** Starts it; it takes the user `postgres` alone, without a password. */
export async function startPooler(cluster: Cluster): Promise<Pooler> {
  const folder = await mkdtemp(path.join(tmpdir(), "ns-pooler-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const settings = path.join(folder, "pgbouncer.ini");
  await writeFile(path.join(folder, "users.txt"), '"postgres" ""\n');
  await writeFile(
    settings,
    `[databases]\n* = host=127.0.0.1 port=${cluster.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\npool_mode = transaction\nauth_type = trust\nauth_file = ${folder}/users.txt\n`,
  );
  // It refuses root; Debian puts it where only root looks. The system ends it when we die (setpriv(1), util-linux).
  const command = ["--pdeathsig", "KILL", "--", "/usr/sbin/pgbouncer", "--quiet", settings];
  const child = spawn("/usr/bin/setpriv", command, { env: { PATH: process.env["PATH"] ?? "" }, cwd: tmpdir(), stdio: "ignore", ...serverUser() });
  const ended = once(child, "exit");
  const url = (database: string, user: string): string => `postgres://${user}@127.0.0.1:${port}/${database}`;
  for (let look = 0; look < 200 && child.exitCode === null; look += 1) {
    const client = new pg.Client({ connectionString: url("postgres", "postgres") });
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (answers) break;
    await pause(50);
  }
  return {
    url,
    stop: async () => {
      child.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
