import { activeRollback } from "@nightshift/decide/control";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import type { EcsDeploymentId, EpochMs, GuardedService, Incident, Ms, ServiceState, WatchRecord } from "@nightshift/model";
import { sayLength, seconds, shortRevision, since } from "@nightshift/model";
import { type Asked, type Command, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { type AccountWithLedger, ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import { lengthOf } from "../place/length.ts";
import type { Place } from "../place/place.ts";
import { serviceOf } from "../place/scope.ts";

/** How often ECS and the ledger are looked at. */
const EVERY = seconds(10);
const exitCodes = { passed: 0, unclear: 1, "rolled-back": 3, "timed-out": 4 } as const;

/** How a deployment ended, as CI needs to know it. */
export interface Ended {
  readonly kind: "passed" | "rolled-back" | "unclear";
  readonly because: string;
  /** It stands, and still somebody should look. */
  readonly warning?: string;
}

/** Waits until a deployment stands, and tells CI the truth when it was rolled back. */
export const deployWait = (place: Place): Command => ({
  path: ["deploy", "wait"],
  group: "Run it",
  summary: "Wait until a deployment stands; fails when it was rolled back",
  more: [
    "For CI, right after the deployment was started. It stands when ECS has completed it and the guard has not stepped in for the hot window (5 min unless the config says otherwise).",
  ],
  words: "SERVICE",
  minWords: 1,
  maxWords: 1,
  options: { timeout: { type: "text", value: "LENGTH", says: "how long to wait", default: "30m" }, config: configOption, ...ledgerOptions },
  example: "npx nightshift deploy wait shop-api --timeout 20m",
  exits: { 1: "it is not clear: superseded, or watched without a verdict; or AWS refused", 3: "it was rolled back", 4: "nothing was certain in time" },
  run: async (asked) => {
    const timeout = lengthOf(textOf(asked, "timeout") ?? "30m", "timeout");
    const config = await resolvedConfig(place, textOf(asked, "config"));
    const service = serviceOf(asked.words[0] ?? "", config);
    const account = ledgerOf(place, asked, config.region);
    const ended = await waitFor({ place, asked, account, service, timeout });
    asked.io.progress(undefined);
    const warning = "warning" in ended ? ended.warning : undefined;
    answer(asked, { service: service.name, ended: ended.kind, because: ended.because, ...(warning === undefined ? {} : { warning }) }, [
      `${service.name}: ${said[ended.kind]}: ${ended.because}`,
      ...(warning === undefined ? [] : [`WARNING: ${warning}`]),
    ]);
    return exitCodes[ended.kind];
  },
});

const said = { passed: "stands", unclear: "not clear", "rolled-back": "was rolled back", "timed-out": "still not certain" } as const;

interface Waiting {
  readonly place: Place;
  readonly asked: Asked;
  readonly account: AccountWithLedger;
  readonly service: GuardedService;
  readonly timeout: Ms;
}

async function waitFor({ place, asked, account, service, timeout }: Waiting): Promise<Ended | { readonly kind: "timed-out"; readonly because: string }> {
  const looks = Math.max(1, Math.ceil(timeout / EVERY));
  let judged: EcsDeploymentId | undefined;
  let completedAt: EpochMs | undefined;
  let last = "nothing was seen";
  for (let look = 0; look < looks; look++) {
    const seen = await observe(account, service);
    judged ??= seen.watch?.members[service.name] ?? seen.state.deployments[0]?.id;
    const row = seen.state.deployments.find((one) => one.id === judged);
    if (row?.rolloutState === "COMPLETED") completedAt ??= seen.state.observedAt;
    const ended = endOf({ ...seen, service, judged, completedAt });
    if (ended !== undefined) return ended;
    last =
      row === undefined
        ? "another deployment is in its place"
        : `${shortRevision(row.taskDefinition)}: ${row.running} of ${row.desired} running, ${row.rolloutState?.toLowerCase().replace("_", " ") ?? "no rollout state"}`;
    asked.io.progress(`${service.name} ${last} · ${sayLength((look * EVERY) as Ms)} of ${sayLength(timeout)}`); // A count of lengths is a length.
    await place.patience.pause(EVERY);
  }
  return { kind: "timed-out", because: `${last}, after ${sayLength(timeout)}` };
}

/** What one look saw. */
export interface Seen {
  readonly state: ServiceState;
  readonly watch: WatchRecord | undefined;
  readonly rollingBack: boolean;
  /** ECS's own word on the newest service deployment. */
  readonly native: { readonly status: string; readonly reason: string } | undefined;
  readonly incident: Incident | undefined;
}

async function observe({ world }: AccountWithLedger, service: GuardedService): Promise<Seen> {
  const [state] = await world.services.describe([{ cluster: service.cluster, service: service.name }]);
  if (state === undefined) throw new Error(`ECS described nothing for ${service.name}, without an error`);
  const [newest] = await world.services.recentDeployments(state.ref);
  const watch = await world.watches.find(service.group);
  const control = await world.control.read();
  const incident = (await world.incidents.list(10)).map(foldIncident).find((one) => one.group === service.group && one.openedAt >= (watch?.openedAt ?? 0));
  return {
    state,
    watch,
    incident,
    rollingBack: activeRollback(control, service.name, world.clock.now()) !== undefined,
    native: newest === undefined ? undefined : { status: newest.status, reason: newest.rollback?.reason ?? "" },
  };
}

/** Verdicts after which something else serves, or was meant to: CI must not go on as if the deployment stood. */
const rolledBack: ReadonlySet<string> = new Set(["restored", "ineffective", "failed", "yield"]);
/** Verdicts against a deployment that nobody acted on. */
const standsWithWarning: ReadonlyMap<string, string> = new Map([
  ["would-roll-back", "shadow mode: the guard would have rolled it back"],
  ["kept", "the guard wanted to roll it back; that was denied or not answered, so it was kept"],
]);

/** Whether what was seen ends the wait. Pure. */
export function endOf({
  state,
  watch,
  rollingBack,
  native,
  incident,
  service,
  judged,
  completedAt,
}: Seen & { readonly service: GuardedService; readonly judged: EcsDeploymentId | undefined; readonly completedAt: EpochMs | undefined }): Ended | undefined {
  const watched = watch !== undefined && judged !== undefined && watch.members[service.name] === judged;
  const why = incident?.title ?? "the guard rolled it back";
  const warned = watched && watch.state === "closed" ? standsWithWarning.get(watch.verdict ?? "") : undefined;
  if (watched && watch.state === "closed" && watch.verdict !== undefined) {
    if (watch.verdict === "passed") return { kind: "passed", because: "it stood its whole watch" };
    if (rolledBack.has(watch.verdict))
      return { kind: "rolled-back", because: incident?.title ?? `the guard stepped in, and its rollback ended as "${watch.verdict}"` };
    if (warned === undefined) return { kind: "unclear", because: incident?.title ?? `the watch ended with "${watch.verdict}"` };
  }
  if (native?.status === "ROLLBACK_SUCCESSFUL" || native?.status === "ROLLBACK_FAILED")
    return { kind: "rolled-back", because: native.reason === "" ? why : native.reason };
  // A rollback under way is told once its outcome is known.
  if (rollingBack || native?.status.startsWith("ROLLBACK") === true) return undefined;
  const primary = state.deployments[0];
  if (primary !== undefined && primary.id !== judged)
    return { kind: "unclear", because: `a newer deployment (${shortRevision(primary.taskDefinition)}) took its place` };
  // The watch is over and nobody changes it any more: once ECS completed it, it stands.
  if (warned !== undefined && completedAt !== undefined)
    return { kind: "passed", because: "ECS completed it", warning: incident === undefined ? warned : `${warned} (${incident.title})` };
  if (completedAt === undefined || since(completedAt, state.observedAt) < service.windows.hot) return undefined;
  return { kind: "passed", because: `ECS completed it, and nothing was wrong for ${sayLength(service.windows.hot)} after` };
}
