import { describe, expect, test } from "vitest";
import { decideAgain } from "./compare.ts";
import { decision, state, night } from "./decision.fixture.ts";
import { readObservations } from "./observations.ts";

const line = JSON.stringify(decision);
const refused = (text: string): string => {
  try {
    readObservations(text, "obs.jsonl");
  } catch (error) {
    return String(error);
  }
  return "not refused";
};
/** The sample without what stands at a path, or with something else there. */
const edited = (path: readonly string[], by?: unknown): string => {
  const copy = JSON.parse(line);
  const holder = path.slice(0, -1).reduce((at, key) => at[key], copy);
  if (by === undefined) delete holder[path.at(-1) ?? ""];
  else holder[path.at(-1) ?? ""] = by;
  return JSON.stringify(copy);
};

describe("a file of observations", () => {
  test("lines are read with their numbers, and empty ones are passed over", () => {
    const read = readObservations(`\n${line}\n\n${line}\n`, "obs.jsonl");
    expect(read.map((one) => [one.line, one.service, one.verdict?.desired, one.from?.version])).toEqual([
      [2, "shop-worker", 5, 3],
      [4, "shop-worker", 5, 3],
    ]);
  });

  test("a line needs no state and no verdict", () => {
    const bare = JSON.stringify({ service: "shop-worker", observation: decision.observation });
    expect(readObservations(bare, "obs.jsonl")).toMatchObject([{ line: 1, from: undefined, verdict: undefined }]);
  });

  test.each([
    ["{", "obs.jsonl:2: expected one JSON object, got {."],
    ["[]", "obs.jsonl:2: expected an object, got []."],
    [edited(["service"]), "obs.jsonl:2: expected a text at service, got nothing."],
    [edited(["observation", "at"], "03:12"), 'obs.jsonl:2: expected a number from 0 on at observation.at, got "03:12".'],
    [edited(["observation", "broker", "kind"], "lost"), "obs.jsonl:2: expected a text at observation.broker.because, got nothing."],
    [
      edited(["observation", "broker", "queues", "0", "waiting", "value"], null),
      "obs.jsonl:2: expected a number from 0 on at observation.broker.queues.0.waiting.value, got null.",
    ],
    [edited(["observation", "fleet", "value", "desired"]), "obs.jsonl:2: expected a number from 0 on at observation.fleet.value.desired, got nothing."],
    [edited(["observation", "fleet", "value", "desired"], -3), "obs.jsonl:2: expected a number from 0 on at observation.fleet.value.desired, got -3."],
    [edited(["from", "memory", "samples"], {}), "obs.jsonl:2: expected a list at from.memory.samples, got {}."],
    [edited(["verdict", "desired"], "five"), 'obs.jsonl:2: expected a number from 0 on at verdict.desired, got "five".'],
  ])("a bad line is named with what was expected and what was got (%#)", (bad, says) => {
    expect(refused(`${line}\n${bad}`)).toContain(says);
    expect(refused(`${line}\n${bad}`)).toContain("scale explain SERVICE --observations");
  });
});

describe("deciding again", () => {
  const verdict = { ...decision.verdict, kind: "hold", desired: 2, because: ["nothing to do"] } as const;
  const settings = () => ({}) as never; // the fake decision below looks at none

  test("differences are said, and a line that is decided as it was has none", () => {
    const [again] = decideAgain(readObservations(line, "f"), { settings, decide: () => ({ ...verdict, state }), first: () => state });
    expect(again).toMatchObject({ line: 1, from: 2, at: night, differences: ["out became hold", "5 workers became 2"] });
    const [same] = decideAgain(readObservations(line, "f"), { settings, decide: () => ({ ...decision.verdict, state }), first: () => state });
    expect(same?.differences).toEqual([]);
  });

  test("each line is decided from its own state, else from what the line before left, else from the first one", () => {
    const bare = JSON.stringify({ service: "shop-worker", observation: decision.observation });
    const seen: number[] = [];
    decideAgain(readObservations([bare, bare, line, bare].join("\n"), "f"), {
      settings,
      decide: (_, from) => {
        seen.push(from.version);
        return { ...verdict, state: { ...from, version: from.version + 1 } };
      },
      first: () => ({ ...state, version: 0 }),
    });
    expect(seen).toEqual([0, 1, 3, 4]);
  });

  test("who is drained is compared by name", () => {
    const drain = [{ worker: "celery@b", task: "t", queues: ["celery"], since: night, emptyAt: undefined }];
    const [again] = decideAgain(readObservations(line, "f"), {
      settings,
      decide: () => ({ ...decision.verdict, drain, undrain: ["celery@c"], state }),
      first: () => state,
    });
    expect(again?.differences).toEqual(["drained nobody, now celery@b", "given work again nobody, now celery@c"]);
  });
});
