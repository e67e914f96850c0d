import { type DatabaseManifest, ms } from "@nightshift/model";
import { describeDatabase } from "../postgres/describe-database.ts";
import { connectTo, withSession } from "../postgres/session.ts";
import { serverMajor } from "../postgres/server.ts";
import { clientEnvironment, type DatabaseAddress } from "./address.ts";
import { dumpSchema } from "./commit.ts";
import { findPrograms } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import { givingWay, type UnderSnapshot, underSnapshot } from "./under-snapshot.ts";
import type { RunnerWorld } from "./world.ts";

/** How a database that may be in use is described. */
export interface DescribeLive {
  /** Whose parts are taken; undefined: it is divided by what it holds now. */
  readonly like: DatabaseManifest | undefined;
  readonly phase: "comparing" | "describing";
  readonly report: Reporter;
  /** Sessions that read at once. */
  readonly jobs: number;
}

/** The manifest of a database that others use: under a snapshot of its own, given up and begun again when somebody waits behind it. */
export async function describeLive(world: RunnerWorld, address: DatabaseAddress, { like, phase, report, jobs }: DescribeLive): Promise<DatabaseManifest> {
  const name = `nightshift ${phase === "comparing" ? "compare" : "describe"}`;
  const major = await withSession(connectTo({ ...address, name }, world.signal), serverMajor);
  const programs = await findPrograms({ major, needs: ["pg_dump"], bin: world.machine.bin, path: world.machine.path });
  const read = ({ held, connect, signal }: UnderSnapshot): Promise<DatabaseManifest> =>
    describeDatabase({
      connect,
      held,
      // The newest rows of the same columns as there: what lies between two of them is held to that, too.
      ...(like === undefined ? {} : { like, fresh: like.freshness.map(({ table, column }) => ({ table, column, within: ms(0) })) }),
      jobs,
      schema: () => dumpSchema({ programs, env: clientEnvironment(address, name), snapshot: held.id, signal }),
      onProgress: ({ doneBytes, bytes }) => report.phase(phase, bytes === 0 ? {} : { share: doneBytes / bytes }),
      signal,
    });
  return givingWay(world, { of: address.database, report }, () => underSnapshot(world, { ...address, name }, read));
}
