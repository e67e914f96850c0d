/** Values by period start. */
export type Series = ReadonlyMap<number, number>;

type Value = { readonly kind: "number"; readonly number: number } | { readonly kind: "series"; readonly series: Series };
type Operator = "+" | "-" | "*" | "/";

/**
 * Metric math as far as alarms on error rates use it: numbers, ids, + - * / and parentheses, `FILL(m, value)`, `SUM([a, b])`.
 * A period in which any operand is missing has no value; division by zero has none ("Using metric math", docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html, read 2026-11-21).
 * @throws {Error} on anything else, with the expression.
 */
export function evaluateExpression(expression: string, inputs: ReadonlyMap<string, Series>, periods: readonly number[]): Series {
  const tokens = expression.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|[()+\-*/,[\]]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new Error(`The lab cannot evaluate the metric math expression "${expression}"`);
  };
  const take = (token: string): void => {
    if (tokens[at] === token) at += 1;
    else fail();
  };

  function sum(): Value {
    let left = product();
    while (tokens[at] === "+" || tokens[at] === "-") {
      const operator = tokens[at] as Operator; // Just compared.
      at += 1;
      left = combine(operator, left, product());
    }
    return left;
  }
  function product(): Value {
    let left = factor();
    while (tokens[at] === "*" || tokens[at] === "/") {
      const operator = tokens[at] as Operator; // Just compared.
      at += 1;
      left = combine(operator, left, factor());
    }
    return left;
  }
  function factor(): Value {
    const token = tokens[at] ?? fail();
    at += 1;
    if (token === "(") {
      const inner = sum();
      take(")");
      return inner;
    }
    if (/^\d/.test(token)) return { kind: "number", number: Number(token) };
    if (token === "FILL") return fill();
    if (token === "SUM") return total();
    const series = inputs.get(token) ?? fail();
    return { kind: "series", series };
  }
  function fill(): Value {
    take("(");
    const of = sum();
    take(",");
    const by = sum();
    take(")");
    if (of.kind !== "series" || by.kind !== "number") return fail();
    return { kind: "series", series: new Map(periods.map((start) => [start, of.series.get(start) ?? by.number])) };
  }
  function total(): Value {
    take("(");
    take("[");
    let all = sum();
    while (tokens[at] === ",") {
      at += 1;
      all = combine("+", all, sum());
    }
    take("]");
    take(")");
    return all;
  }

  const result = sum();
  if (at !== tokens.length) fail();
  return result.kind === "series" ? result.series : new Map(periods.map((start) => [start, result.number]));
}

function combine(operator: Operator, left: Value, right: Value): Value {
  if (left.kind === "number" && right.kind === "number") return { kind: "number", number: apply(operator, left.number, right.number) };
  const series = new Map<number, number>();
  const starts = left.kind === "series" ? left.series.keys() : right.kind === "series" ? right.series.keys() : [];
  for (const start of starts) {
    const a = left.kind === "series" ? left.series.get(start) : left.number;
    const b = right.kind === "series" ? right.series.get(start) : right.number;
    if (a === undefined || b === undefined) continue;
    const value = apply(operator, a, b);
    if (Number.isFinite(value)) series.set(start, value);
  }
  return { kind: "series", series };
}

function apply(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
  }
}
