import type { DoRestore, RestoreFacts } from "@nightshift/decide/backups/decide-restore";
import type { RunStands } from "@nightshift/decide/backups/judge-run";
import { otherThanOrdered } from "@nightshift/decide/backups/restored-as-ordered";
import { type EpochMs, minutes, sayLength, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { settleRun } from "@nightshift/runtime/settle-run";
import { stopIfGoing } from "@nightshift/runtime/stop-run";
import { runNameOf } from "./begin.ts";
import { type Compared, compareCopy } from "./compare.ts";
import { restoreHeader } from "./header.ts";
import { unpinRead } from "./pin.ts";
import type { RestoreOutcome, RestoreReceipt, RestoreRun } from "./settings.ts";

const HOURS = 20;
const nothing = { into: undefined, steps: [], times: {}, found: [], compared: false } as const;

/** Waits for the new database or instance, has it compared where it can be, and says how to switch over. */
export async function settleRestore(run: RestoreRun, receipt: RestoreReceipt, facts: RestoreFacts): Promise<RestoreOutcome> {
  const settled = await settle(run, receipt, facts);
  // What failed may still read, and will be tried again: that mark ends by itself.
  if (receipt.pin !== undefined && settled.kind === "restored") await unpinRead(run, receipt.verdict.order.of, receipt.pin);
  return { ...settled, at: await run.step("see when it was over", async ({ clock }) => clock.now()) };
}

type Settled = Omit<RestoreOutcome, "at">;

async function settle(run: RestoreRun, receipt: RestoreReceipt, facts: RestoreFacts): Promise<Settled> {
  const { begun, verdict } = receipt;
  if (begun.kind !== "done") return { ...nothing, kind: "failed", because: [begun.because] };
  const { order, way } = verdict;
  if (way.kind === "database") {
    const wait = settleRun({ of: order.of, run: runNameOf(verdict), task: begun.value, hours: HOURS });
    const { stands, backup } = await run.watch("wait for the restore", wait);
    await stopIfGoing(run, { of: order.of, run: runNameOf(verdict), task: begun.value, stands, what: "the restore", hours: HOURS });
    const other = stands.kind === "ended" ? otherThanOrdered(verdict, { backup, into: stands.end.restoredInto, state: stands.end.state }) : undefined;
    if (stands.kind === "ended" && other !== undefined && guard("a restore is of what was ordered"))
      return { ...nothing, kind: "failed", because: [other], into: stands.end.restoredInto, found: stands.end.findings };
    return ofDatabase(stands);
  }
  return ofInstance(run, receipt, { way, began: begun.at, facts });
}

function ofDatabase(stands: RunStands): Settled {
  switch (stands.kind) {
    case "going":
      return { ...nothing, kind: "failed", because: [`it was not restored within ${HOURS} hours, and was told to stop; what it restored so far is not whole`] };
    case "died":
      return { ...nothing, kind: "failed", because: [`the restore died: ${stands.because}`] };
    case "ended": {
      const { end } = stands;
      const { state, differences, restoredInto, times, steps = [] } = end;
      if (guard("only what was compared is proven", state !== "restored" || differences.length > 0))
        return {
          kind: "failed",
          because: [end.because ?? "what was restored is not what was backed up", ...differences],
          into: restoredInto,
          steps: [],
          times,
          found: end.findings,
          compared: false,
        };
      return {
        kind: "restored",
        because: ["restored and compared without a difference"],
        into: restoredInto,
        steps,
        times,
        found: end.findings,
        compared: true,
      };
    }
  }
}

interface Made {
  readonly way: Extract<DoRestore["way"], { kind: "instance" }>;
  readonly began: EpochMs;
  readonly facts: RestoreFacts;
}

/** Waits until it is available, says so at once, since somebody waits for it, and holds it against what can be known of its moment. */
async function ofInstance(run: RestoreRun, { verdict, safety }: RestoreReceipt, { way, began, facts }: Made): Promise<Settled> {
  const { instance } = way;
  const stands = await run.watch<{ readonly status: string; readonly endpoint: string | undefined; readonly at: EpochMs }>(
    `wait until ${instance} is available`,
    {
      start: { status: "creating", endpoint: undefined, at: began },
      atMost: 600,
      every: () => minutes(1),
      look: async ({ databases, clock }, before) => {
        const found = await databases.instance(instance);
        return found === undefined ? before : { status: found.status, endpoint: found.endpoint, at: clock.now() };
      },
      blind: (state) => state,
      done: ({ status }) => status === "available" || status.startsWith("incompatible") || status === "failed",
    },
  );
  if (stands.status !== "available") return { ...nothing, kind: "failed", because: [`${instance} is ${stands.status}`], into: instance };
  const available = since(began, stands.at);
  const there = `${instance} is available after ${sayLength(available)}, at ${stands.endpoint ?? "no address yet"}`;
  const text = `${there}. It is compared now: read from it as you like, and change nothing in it until that is over.`;
  await run.say("it is available", restoreHeader(facts, verdict.order, { standing: "working", title: there }), [
    { key: `${facts.plan}/available`, at: stands.at, kind: "seen", text, announce: true },
  ]);
  const { endpoint } = stands;
  const compared: Compared =
    endpoint === undefined
      ? { kind: "not compared", because: ["RDS gives it no address"], found: [], times: {} }
      : await compareCopy(run, verdict, { way, endpoint });
  const kept = safety?.kind === "done" ? ` What ran before is in the snapshot ${safety.value}.` : "";
  return {
    ...judged(instance, compared),
    into: endpoint ?? instance,
    steps: stepsOf(verdict, { instance, endpoint, compared, kept }),
    times: { available, ...compared.times },
  };
}

function judged(instance: string, { kind, because, found }: Compared): Pick<RestoreOutcome, "kind" | "because" | "found" | "compared"> {
  switch (kind) {
    case "equal":
      return { kind: "restored", because: [`${instance} is equal wherever that can be proven`], found, compared: true };
    case "not compared":
      return { kind: "restored", because: [`${instance} is available, and was not compared`, ...because], found, compared: false };
    case "differs":
      return { kind: "failed", because: [`${instance} is available, and is not what it must be`, ...because], found, compared: false };
  }
}

/** What a person does next, one a line. */
function stepsOf(
  { order }: DoRestore,
  {
    instance,
    endpoint,
    compared,
    kept,
  }: { readonly instance: string; readonly endpoint: string | undefined; readonly compared: Compared; readonly kept: string },
): readonly string[] {
  const look = `npx nightshift backup doctor --url postgres://USER:PASSWORD@${endpoint ?? "HOST:PORT"}/DATABASE, and the rows that this is about.`;
  const delete_ = `Nothing deletes it by itself. When nobody needs it: aws rds delete-db-instance --db-instance-identifier ${instance}`;
  if (compared.kind === "differs")
    return [
      `Do not switch over before somebody knows why it differs. What was changed after the last proven dump and changed back since looks the same. Look: ${look}`,
      delete_,
    ];
  return [
    `Look into it before anything else: ${look}`,
    // The comparison has read every block; otherwise nobody has.
    ...(compared.kind === "equal"
      ? []
      : ["Its blocks come from S3 at their first touch: read the large tables once (SELECT count(*)), or it is slow at first."]),
    `Give it what a production instance has: aws rds modify-db-instance --db-instance-identifier ${instance} --multi-az --backup-retention-period 7 --deletion-protection --apply-immediately`,
    "Stop what writes: scale the services to 0, or put them into maintenance.",
    `Put its address into the secret that the services read (${order.of}), deploy them, and look whether they are well.`,
    `To go back: the old address, deployed again.${kept}`,
    delete_,
  ];
}
