import type { AlarmValue } from "@nightshift/model";

/**
 * A composite alarm's rule: `ALARM|OK|INSUFFICIENT_DATA("name")`, TRUE, FALSE, AND, OR, NOT and parentheses
 * (API_PutCompositeAlarm "AlarmRule", docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, read 2026-11-21).
 * @throws {Error} on a rule it cannot read.
 */
export function evaluateRule(rule: string, stateOf: (alarm: string) => AlarmValue | undefined): boolean {
  const tokens = rule.match(/"[^"]*"|'[^']*'|[A-Za-z_][\w-]*|[()]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new Error(`The lab cannot read the alarm rule "${rule}"`);
  };
  const take = (token: string): void => {
    if (tokens[at] === token) at += 1;
    else fail();
  };

  function either(): boolean {
    let result = both();
    while (tokens[at] === "OR") {
      at += 1;
      const right = both();
      result = result || right;
    }
    return result;
  }
  function both(): boolean {
    let result = one();
    while (tokens[at] === "AND") {
      at += 1;
      const right = one();
      result = result && right;
    }
    return result;
  }
  function one(): boolean {
    const token = tokens[at] ?? fail();
    at += 1;
    switch (token) {
      case "NOT":
        return !one();
      case "TRUE":
        return true;
      case "FALSE":
        return false;
      case "(": {
        const inner = either();
        take(")");
        return inner;
      }
      case "ALARM":
      case "OK":
      case "INSUFFICIENT_DATA": {
        take("(");
        const name = (tokens[at] ?? fail()).replace(/^["']|["']$/g, "");
        at += 1;
        take(")");
        return stateOf(name.slice(name.lastIndexOf(":") + 1)) === token;
      }
      default:
        return fail();
    }
  }
  const result = either();
  return at === tokens.length ? result : fail();
}
