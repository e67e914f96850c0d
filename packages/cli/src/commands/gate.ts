import { frozenBecause, heldBecause } from "@nightshift/decide/control";
import type { GuardedService, Ms } from "@nightshift/model";
import type { Resolved } from "@nightshift/config";
import { type Saved, saveBefore, savedBefore } from "../backup/before-deploy.ts";
import { type Asked, type Command, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { type AccountWithLedger, ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import { lengthOf } from "../place/length.ts";
import type { Place } from "../place/place.ts";
import { serviceOf } from "../place/scope.ts";

/** What a pipeline learns: 0 to go on, 4 to stop. */
const STOP = 4;

/** Tells a pipeline whether it may deploy a service now: nobody froze it, and nobody holds it; with `--snapshot` its databases are saved first. */
export const gateDeploy = (place: Place): Command => ({
  path: ["gate", "deploy"],
  group: "Run it",
  summary: "Say whether a service may be deployed now; for pipelines",
  more: [
    "Asks for freezes (`/ops freeze`) and holds over the service, its group or everything. It stops nobody by itself: the pipeline obeys its exit code.",
    "With --snapshot it has an RDS snapshot taken and waits until that is available: what a migration destroys can be brought back. SNAPSHOT_FUNCTION_ARN names the deployed function, with its version or alias.",
  ],
  words: "SERVICE",
  minWords: 1,
  maxWords: 1,
  options: {
    snapshot: { type: "switch", says: "first take a snapshot of the databases, and wait for it" },
    database: { type: "text", value: "NAME", says: "with --snapshot: of this database only (default all that have snapshots)" },
    timeout: { type: "text", value: "LENGTH", says: "with --snapshot: how long to wait", default: "30m" },
    config: configOption,
    ...ledgerOptions,
  },
  example: "npx nightshift gate deploy shop-api --snapshot && ./deploy.sh",
  exits: {
    1: "AWS refused or did not answer: nothing is known, so do not deploy",
    [STOP]: "it is frozen or held, or its snapshot did not come: do not deploy",
  },
  run: async (asked) => {
    const config = await resolvedConfig(place, textOf(asked, "config"));
    const service = serviceOf(asked.words[0] ?? "", config);
    const { world } = ledgerOf(place, asked, config.region);
    const stopped = () => stoppedBecause(world, service);
    const saving = asked.options["snapshot"] === true ? savingFor(place, asked, { world, config }) : undefined;
    const first = await stopped();
    const saved = saving === undefined || first.length > 0 ? [] : await saving();
    asked.io.progress(undefined);
    // Somebody may have frozen it while the snapshot was taken.
    const because = [
      ...(saved.length === 0 ? first : await stopped()),
      ...saved.flatMap(({ of, failed }) => (failed === undefined ? [] : [`there is no snapshot of ${of}: ${failed}`])),
    ];
    answer(
      asked,
      {
        service: service.name,
        free: because.length === 0,
        because,
        ...(saving === undefined ? {} : { snapshots: saved.filter(({ failed }) => failed === undefined).map(({ of, snapshot }) => ({ of, snapshot })) }),
      },
      [
        ...saved.flatMap(({ of, snapshot, failed }) => (failed === undefined ? [`The snapshot ${snapshot} of ${of} is available.`] : [])),
        because.length === 0
          ? `${service.name} may be deployed: nothing is frozen or held.`
          : `${service.name} must not be deployed now: ${because.join("; ")}.`,
      ],
    );
    if (because.length === 0 && saved.length > 0) await noteSaved(world, service, saved);
    return because.length === 0 ? 0 : STOP;
  },
});

async function stoppedBecause({ clock, control }: AccountWithLedger["world"], { name, group }: GuardedService): Promise<readonly string[]> {
  const now = clock.now();
  const state = await control.read();
  return [frozenBecause(state, [name, group], now), heldBecause(state, [name, group], now)].filter((one) => one !== undefined);
}

/** The guard says in its thread what was saved before the deployment that it watches. */
const noteSaved = ({ clock, signals }: AccountWithLedger["world"], { name }: GuardedService, saved: readonly Saved[]): Promise<void> =>
  signals.change({ service: name, kind: "deployment", at: clock.now(), saved: saved.map(({ snapshot }) => snapshot).join(", ") });

/** Reads what is asked before anything is taken. @throws {Refusal} where no snapshot could be. */
function savingFor(
  place: Place,
  asked: Asked,
  { world, config }: { readonly world: AccountWithLedger["world"]; readonly config: Pick<Resolved, "backups"> },
): () => Promise<readonly Saved[]> {
  const databases = savedBefore(config.backups, textOf(asked, "database"));
  const atMost = lengthOf(textOf(asked, "timeout") ?? "30m", "timeout");
  if (place.environment["SNAPSHOT_FUNCTION_ARN"] === undefined)
    throw new Refusal(
      "The snapshot function's address is not known, and nothing was taken. Set SNAPSHOT_FUNCTION_ARN to its ARN with version or alias: `aws lambda list-functions` shows it.",
    );
  const saving = { world, pause: (length: Ms) => place.patience.pause(length), progress: asked.io.progress, by: place.user, atMost };
  return () => Promise.all(databases.map(({ name }) => saveBefore(saving, name)));
}
