import { minutes } from "@nightshift/model";
import { CpuMeter } from "./cpu-meter.ts";
import { type Rule, within } from "./rule.ts";

/** Never fewer than the documents' minimum, where the service allows it. */
const LEAST = 2;
const OUT_MINUTES = 5;
const IN_MINUTES = 10;
const IN_COOL_DOWN = 300_000;

/** The documents' rule (rows W2, W3; facts/scaling.md 3.4): so many waiting, two more a minute; CPU above `out` % for 5 min, one more; below `in` % for 10 min, one less. */
export const documentsRule = (backlog: number, out: number, below: number): Rule => ({
  name: "the documents' rule",
  setting: `backlog ${backlog}, CPU ${out}/${below} %`,
  begin: (workload) => {
    const meter = new CpuMeter();
    const points: number[] = [];
    let lastIn = Number.NEGATIVE_INFINITY;
    return (account, current) => {
      points.push(meter.percentSince(account));
      if (points.length > IN_MINUTES) points.shift();
      const last = points.slice(-OUT_MINUTES);
      let want = current;
      if (account.waiting > backlog) want += 2;
      else if (last.length === OUT_MINUTES && last.every((one) => one > out)) want += 1;
      else if (points.length === IN_MINUTES && points.every((one) => one < below) && account.now - lastIn >= IN_COOL_DOWN) {
        want -= 1;
        lastIn = account.now;
      }
      return { want: within(workload, Math.max(LEAST, want)), next: minutes(1) };
    };
  },
});
