import { spawnSync } from "node:child_process";
import path from "node:path";
import type { LabAccount } from "@nightshift/lab/account";
import { createAccount } from "@nightshift/lab/account";
import { labConnections, labProbes, loadAdapters } from "@nightshift/lab/connections";
import { LabWorld } from "@nightshift/lab/world/index";
import { epochMs } from "@nightshift/model";
import type { Connections } from "@nightshift/aws/connect";
import { ledgerPorts, type LedgerPorts } from "@nightshift/aws/ledger/index";
import { commandsIn } from "@nightshift/cli/commands/index";
import type { Io } from "@nightshift/cli/frame/command";
import { dispatch } from "@nightshift/cli/frame/dispatch";
import { loadConfig } from "@nightshift/cli/place/config";
import type { Place } from "@nightshift/cli/place/place";

export const root = path.join(import.meta.dirname, "..", "..");

/** What a command said and how it ended. */
export interface Said {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly asked: readonly string[];
}

/** A terminal that remembers, and answers questions with these words; without words nobody can be asked. */
function fakeIo(answers: readonly string[] = []): Io & { readonly said: Omit<Said, "exit"> } {
  const said = { out: [] as string[], err: [] as string[], asked: [] as string[] };
  const left = [...answers];
  return {
    said,
    out: (line) => void said.out.push(line),
    err: (line) => void said.err.push(line),
    terminal: answers.length > 0,
    columns: 100,
    ask: async (question) => {
      said.asked.push(question);
      return left.shift();
    },
    progress: () => {},
  };
}

/** A place without an account: whoever asks AWS fails the test. */
export const nowhere = (given: Partial<Place> = {}): Place => ({
  environment: {},
  user: "ada",
  directory: root,
  clock: { now: () => epochMs(Date.UTC(2026, 10, 21, 9, 0, 0)) },
  patience: { pause: async () => {}, random: () => 0.5 },
  connections: () => {
    throw new Error("this test has no account");
  },
  input: async () => "",
  ...given,
});

/** Runs the tool in this process. */
export async function nightshift(argv: readonly string[], place: Place = nowhere(), answers?: readonly string[]): Promise<Said> {
  const io = fakeIo(answers);
  const exit = await dispatch(argv, commandsIn(place), io);
  return { exit, ...io.said };
}

/** Runs the real command in a process of its own. */
export function spawned(argv: readonly string[], input = "") {
  const run = spawnSync(process.execPath, [path.join(root, "bin", "nightshift.mjs"), ...argv], { cwd: root, input, encoding: "utf8" });
  return { exit: run.status, out: run.stdout, err: run.stderr };
}

/** A simulated account with the two tables, and a person's place in it. */
export interface Ledgered {
  readonly lab: LabAccount;
  readonly world: LabWorld;
  readonly ports: LedgerPorts;
  /** Runs a command inside the account's time, which does not wait for files: give it `input` to read (`-`) rather than a file when moments matter. */
  readonly nightshift: (argv: readonly string[], answers?: readonly string[], input?: string) => Promise<Said>;
}

export async function ledgered(
  environment: Place["environment"] = { AWS_REGION: "eu-central-1", LEDGER_TABLE: "ledger", AUDIT_TABLE: "audit" },
): Promise<Ledgered> {
  await loadAdapters();
  const lab = createAccount({ seed: 1, startAt: epochMs(Date.UTC(2026, 2, 14, 3, 12, 0)) });
  const world = new LabWorld(lab.kernel);
  for (const module of world.modules) lab.register(module);
  for (const name of ["ledger", "audit"]) lab.dynamodb.create({ name, partition: "pk", sort: "sk" });
  const connections: Connections = labConnections(lab, "person");
  const ports = ledgerPorts(() => connections.dynamodb(), { ledger: "ledger", audit: "audit" });
  const place = nowhere({
    environment,
    clock: lab.clock,
    patience: { pause: (length) => lab.clock.sleep(length), random: () => 0.5 },
    connections: () => connections,
    probes: labProbes(lab, world),
  });
  return {
    lab,
    world,
    ports,
    nightshift: async (argv, answers, input = "") => {
      const config = argv.indexOf("--config");
      // Loaded once before, so that no virtual time passes while the disk is read.
      if (config !== -1) await loadConfig(place, argv[config + 1]);
      return lab.run(() => nightshift(argv, { ...place, input: async () => input }, answers));
    },
  };
}
