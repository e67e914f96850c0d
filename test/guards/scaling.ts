import { allowedCount, changesAreUsedUp } from "@nightshift/decide/scaling/bounds";
import { calmThenDrain, emptyWorker, NOON, type Seen, task, tasks, usual, Watch, type worker } from "@nightshift/decide/scaling/scaling.fixture";
import { type BrokerReading, hours, type ScalingVerdict, seconds } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { later, type Stage, stage } from "../testing/worker-stage.ts";
import type { GuardCase } from "./case.ts";

/** Looks at three workers of whom one would do. */
const calm = (watch: Watch, looks: number, seen: Seen = {}): readonly ScalingVerdict[] =>
  Array.from({ length: looks }, (_, n) => watch.see({ running: 1, desired: 3, heard: [1, 0, 0], tasks: tasks(3), arrived: n, finished: n, ...seen }));
const drains = (verdicts: readonly ScalingVerdict[]): boolean => verdicts.some(({ kind }) => kind === "drain");

/** The third look, at more than three workers can take. */
function rush(seen: Seen, before: Seen = {}): ScalingVerdict {
  const watch = new Watch();
  for (let n = 0; n < 2; n += 1) watch.see({ desired: 3, ...before });
  return watch.see({ waiting: 400, arrived: 400, running: 12, desired: 3, ...seen });
}

/** What becomes of two drained workers that answer so. */
function answering(said: Parameters<typeof worker>[2], at?: typeof NOON): boolean {
  const watch = calmThenDrain();
  for (let n = 0; n < 4; n += 1)
    if (
      watch.see((now) => ({
        running: 1,
        desired: 3,
        arrived: 40,
        finished: 40,
        tasks: tasks(3),
        drained: [2, 3].map((one) => ({ ...emptyWorker(one, at ?? now), ...said })),
      })).kind === "in"
    )
      return false;
  return true;
}

/** The look that gives two empty workers up, and the watch that goes on. */
function lowered(): { readonly watch: Watch; readonly verdict: ScalingVerdict } {
  const watch = calmThenDrain();
  for (;;) {
    const verdict = watch.see((now) => ({
      running: 1,
      desired: 3,
      arrived: 40,
      finished: 40,
      tasks: tasks(3),
      drained: [2, 3].map((one) => emptyWorker(one, now)),
    }));
    if (verdict.kind === "in") return { watch, verdict };
  }
}

const away = (at: typeof NOON): BrokerReading => ({ kind: "unknown", at, broker: "redis", because: "it did not answer" });
const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });

const decided: readonly GuardCase[] = [
  only("unknown broker is left alone", "nobody goes while the broker is unknown", () => {
    const watch = new Watch({ control: "none" });
    return Array.from({ length: 40 }, () => watch.see((at) => ({ desired: 3, broker: away(at) }))).every(({ desired }) => desired === 3);
  }),
  only("contradicted look is left alone", "a count that falls makes no agreeing look", () => {
    const watch = new Watch();
    for (let n = 0; n < 3; n += 1) watch.see({ desired: 3, running: 3, arrived: 50, finished: 40 });
    return watch.see({ desired: 3, running: 3, arrived: 50, finished: 10 }).state.memory.agreeing === 0;
  }),
  only("two looks agree before anything is done", "the first look after the dark changes nothing", () => rush({}, { broker: away(NOON) }).kind === "hold"),
  only("doubted look takes nobody away", "nobody is drained on doubtful looks", () => !drains(calm(new Watch(), 30, { doubts: ["a stale statistic"] }))),
  only("hold before scaling", "a held service gets no worker", () => rush({ more: { held: "lead holds shop" } }).kind === "hold"),
  only("scaler yields to a rollback", "a service that is rolled back gets no worker", () => rush({ more: { rollback: "guard/shop/1" } }).kind === "hold"),
  only(
    "scaler yields to a rival",
    "a service with a scaler of its own gets no worker",
    () => rush({ more: { rival: "Application Auto Scaling" } }).kind === "hold",
  ),
  only("no scale-in while deploying", "nobody is drained during a deployment", () => !drains(calm(new Watch(), 30, { deploying: "shop:8" }))),
  only(
    "desired count stays in its bounds",
    "thirty wanted are twenty-five allowed",
    () => allowedCount(30, 20, { bounds: { lower: 1, upper: 25 }, settings: usual }) === 25,
  ),
  only(
    "step is bounded",
    "thirty wanted are ten more than five",
    () => allowedCount(30, 5, { bounds: { lower: 1, upper: 40 }, settings: { ...usual, maxStep: 10 } }) === 15,
  ),
  only("changes an hour are bounded", "the third change of an hour that allows two waits", () => {
    const { state } = new Watch();
    const changes = [1, 2].map((n) => ({ at: NOON, from: n, to: n + 1 }));
    return changesAreUsedUp({ ...state, changes }, { ...usual, maxChangesPerHour: 2 }, { at: NOON, way: "out" });
  }),
  only("only empty workers are given up", "a drained worker that works keeps its place", () => answering({ active: 1 })),
  only("empty is seen after the drain", "a word from before the drain is no word", () => answering({}, NOON)),
  only("all others are protected", "who stays is protected while the count falls", () => lowered().verdict.protect.join() === "arn:task/1"),
  only("victims that stayed count again", "drained workers whom ECS kept count again", () => {
    const { watch } = lowered();
    const verdicts = Array.from({ length: 14 }, () => watch.see({ running: 1, arrived: 40, finished: 40, desired: 1, ready: 3, tasks: tasks(3), stopped: [] }));
    return verdicts.some(({ desired }) => desired === 3);
  }),
  only("no scale-in while the queue ages", "nobody is drained while the oldest waits longer and longer", () => {
    const watch = new Watch();
    return !drains(Array.from({ length: 30 }, (_, n) => calm(watch, 1, { oldest: 10 + 15 * n, arrived: n, finished: n })).flat());
  }),
  only("cool-down before a scale-in", "nobody is drained within an hour after workers came", () => {
    const watch = new Watch({ inCoolDown: hours(1) });
    watch.state = { ...watch.state, memory: { ...watch.state.memory, lastOut: NOON } };
    return !drains(calm(watch, 30));
  }),
  only("wrong victim is told", "a protected task that was scaled in is told", () => {
    const { watch, verdict } = lowered();
    const stopped = verdict.protect.map((arn) => ({ arn, at: watch.at, code: "", reason: "Scaling activity initiated by (deployment ecs-svc/1)" }));
    return watch.see({ desired: 1, arrived: 40, finished: 40, tasks: [task(2)], stopped }).attention.some(({ kind }) => kind === "wrong-victim");
  }),
  only("saturation adds nobody", "no worker is added to a bottleneck that is elsewhere", () => {
    const watch = new Watch();
    for (let n = 0; n < 2; n += 1) watch.see({ desired: 3 });
    watch.state = { ...watch.state, memory: { ...watch.state.memory, saturatedSince: watch.at } };
    return watch.see({ waiting: 400, arrived: 400, running: 12, desired: 3 }).kind === "hold";
  }),
];

/** Whether the count was never sent on a stage that is looked at so often. */
async function neverSent(over: Parameters<typeof stage>[0], begin: (it: Stage) => Stage["world"]): Promise<boolean> {
  let sent = false;
  await stage(over, async (it) => {
    const world = begin(it);
    for (let n = 0; n < 6; n += 1) {
      it.now = later(it.now, seconds(15));
      await it.lookOver(world);
    }
    sent = it.effects.some((one) => one.startsWith("desired "));
  });
  return !sent;
}

/** Something that comes between the protections and the count. */
const between =
  (comes: (it: Stage) => void) =>
  (it: Stage): Stage["world"] => {
    it.before = (effect) => {
      if (effect.startsWith("protect ")) comes(it);
    };
    return it.world;
  };

const carriedOut: readonly GuardCase[] = [
  only("late look is dropped", "a tick that was due before the last look is no look", async () => {
    let dropped = false;
    await stage({}, async (it) => {
      await it.run(2);
      await it.look(it.now);
      dropped = it.logged.at(-1)?.["did"] === "dropped: a later look was made";
    });
    return dropped;
  }),
  only("who still takes work is not empty", "who does not say what it takes from is not given up", () =>
    neverSent({ workers: 3 }, ({ world }) => ({
      ...world,
      workers: { ...world.workers, look: async (...all) => (await world.workers.look(...all)).map((one) => ({ ...one, queues: undefined })) },
    })),
  ),
  only("others are protected before the count falls", "without protection the count stays", () =>
    neverSent({ workers: 3 }, ({ world }) => ({
      ...world,
      scaling: { ...world.scaling, protect: async () => Promise.reject(new PortError("conflict", "ecs:UpdateTaskProtection", "shop-worker", "blocked")) },
    })),
  ),
  only("count is as it was seen", "a count that somebody else set meanwhile stands", () =>
    neverSent(
      { workers: 3 },
      between((it) => {
        it.desired = 5;
      }),
    ),
  ),
  only("no scale-in during a deployment", "a deployment that begins after the look keeps the count", () =>
    neverSent(
      { workers: 3 },
      between((it) => {
        it.deploying = "shop-worker:8 is being deployed";
      }),
    ),
  ),
  only("no scaling without the word that is asked for", "ask mode asks first", () =>
    neverSent({ workers: 2, busy: 4, mode: "ask" }, (it) => {
      it.waiting = 400;
      return it.world;
    }),
  ),
];

export const scalingGuards: readonly GuardCase[] = [...decided, ...carriedOut];
