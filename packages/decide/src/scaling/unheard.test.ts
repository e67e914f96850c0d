import { describe, expect, it } from "vitest";
import { seconds } from "@nightshift/model";
import { Watch } from "./scaling.fixture.ts";

/** Seven busy workers of a service through which 2 tasks a second go. */
function sevenAtWork(settings: ConstructorParameters<typeof Watch>[0] = {}): Watch {
  const watch = new Watch({ startTime: seconds(30), ...settings });
  for (let look = 1; look <= 12; look += 1)
    watch.see({ desired: 7, waiting: 5 + (look % 2), running: 28, heard: [4, 4, 4, 4, 4, 4, 4], arrived: 1_000 + 30 * look, finished: 960 + 30 * look });
  return watch;
}

const frozen = { desired: 7, waiting: 40, running: 28, arrived: 1_400, finished: 1_350 } as const;
const unheard = { ...frozen, heard: [] } as const;

describe("figures that stand still", () => {
  it("change nothing while none of the running workers is heard, and are told once", () => {
    const watch = sevenAtWork();
    watch.see(unheard);
    watch.see(frozen);
    const kinds = Array.from({ length: 30 }, (_, look) => watch.see(look % 4 === 0 ? unheard : frozen).kind);
    expect(new Set(kinds)).toEqual(new Set(["hold"]));
    expect(watch.last?.desired).toBe(7);
    expect(watch.last?.attention.map(({ kind, says }) => [kind, says[0]])).toEqual([
      ["broker-unreachable", "What waits is not known: the broker answers, but its figures stand still and none of 7 workers was heard for 1 m."],
    ]);
  });

  it("are believed when the workers are heard", () => {
    const watch = sevenAtWork();
    const heard = { ...frozen, heard: [4, 4, 4, 4, 4, 4, 4] };
    for (let look = 0; look < 8; look += 1) watch.see(heard);
    expect(watch.last?.because.join()).not.toContain("stand still");
    expect(watch.last?.attention.filter(({ kind }) => kind === "broker-unreachable")).toEqual([]);
  });

  it("have the workers listened to before they are believed, once", () => {
    const watch = sevenAtWork();
    watch.see(frozen);
    watch.see(frozen);
    const verdict = watch.see(frozen);
    expect(verdict.because[0]).toBe("the broker's figures stand still for 30 s, and its workers are listened to before they are believed");
    expect(watch.state.memory.more["heardAt"]).toBe(0);
    expect(watch.see(frozen).because.join()).not.toContain("listened to");
  });

  it("are believed after ten minutes of silence: such workers may send no heartbeats", () => {
    const watch = sevenAtWork();
    for (let look = 0; look <= 40; look += 1) watch.see(unheard);
    expect(watch.last?.because[0]).toContain("none of 7 workers was heard for 10 m");
    watch.see(unheard);
    expect(watch.see(unheard).because.join()).not.toContain("stand still");
  });

  it("are believed where workers cannot be listened to", () => {
    const watch = sevenAtWork({ control: "none" });
    for (let look = 0; look < 8; look += 1) watch.see(frozen);
    expect(watch.last?.because.join()).not.toContain("stand still");
  });

  it("are no matter where they move although nobody is heard", () => {
    const watch = sevenAtWork();
    for (let look = 1; look <= 8; look += 1) watch.see({ ...unheard, arrived: 1_400 + 30 * look, finished: 1_350 + 30 * look });
    expect(watch.last?.because.join()).not.toContain("stand still");
  });
});
