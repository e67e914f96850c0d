import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { keepByRestic } from "@nightshift/decide/retention/restic";
import { epochMs } from "@nightshift/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyOption, type History, histories, inOurWords, keepAll, type Options, sayKept, snapshotsOf, withNewest } from "./restic-histories.ts";
import { type Forgotten, minorVersion, Repository } from "./restic-repository.ts";

/** The issue asks for at least 1,000. */
const COUNT = 1_000;
const SEED = 5;

const minor = await minorVersion();
/** Debian 13's and later: all may be kept, and the oldest is while an option is not used up. Debian 12's is 0.14; those between are nobody's. */
const isNew = minor >= 18;
const all = histories(COUNT, SEED);
let folder = "";
let repository: Repository | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "restic-"));
  repository = new Repository(folder);
  await repository.create(all.flatMap(snapshotsOf));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every history by which we keep otherwise than restic. */
async function differences({ arguments: options, policy }: Options): Promise<{ readonly compared: number; readonly different: readonly unknown[] }> {
  const forgotten = new Map((await repository?.forget(options))?.map((group) => [group.host, group]));
  const now = epochMs(Date.now());
  const different = all.flatMap((history) => {
    const theirs = theirKept(forgotten.get(history.host));
    const ours = ourKept(history, { ...policy, oldest: isNew }, now);
    return theirs.join("\n") === ours.join("\n") ? [] : [{ history: history.host, options: options.join(" "), ours, theirs }];
  });
  return { compared: forgotten.size, different: different.slice(0, 3) };
}

const theirKept = (group: Forgotten | undefined): readonly string[] =>
  (group?.reasons ?? []).map(({ snapshot, matches }) => sayKept(epochMs(Date.parse(snapshot.time)), matches.map(inOurWords))).toSorted();

function ourKept({ candidates }: History, policy: Options["policy"], now: ReturnType<typeof epochMs>): readonly string[] {
  const reasons = keepByRestic(
    candidates.toSorted((a, b) => b.at - a.at),
    policy,
    now,
  );
  return candidates
    .flatMap(({ id, at }) => {
      const why = reasons.get(id);
      return why === undefined ? [] : [sayKept(at, why)];
    })
    .toSorted();
}

const asked = isNew
  ? [...everyOption.map((one) => (one.policy.tags.length > 0 && one.policy.last === undefined ? withNewest(one) : one)), ...keepAll]
  : everyOption;

test.each(asked.map((options) => [options.arguments.join(" "), options] as const))(
  "%s keeps what restic keeps, for the same reasons",
  async (_, options) => {
    const { compared, different } = await differences(options);
    expect(different).toEqual([]);
    expect(compared).toBe(COUNT);
  },
  120_000,
);

test("a planner that kept by another rule would be seen", async () => {
  const [, , daily] = everyOption;
  const policy = { ...daily?.policy, periods: { weekly: 7 } } as Options["policy"]; // The third option is there: its own test ran.
  const { different } = await differences({ arguments: ["--keep-daily", "7"], policy });
  expect(different).toHaveLength(3);
});
