import { wrap } from "../../frame/format.ts";
import type { Examined } from "./index.ts";

const marks = { danger: "✗", warning: "!", note: "·" } as const;

/** One check as a person reads it: what was found, what is right, what to do next. */
export function examinedLines({ id, title, about, checkup }: Examined, width: number): readonly string[] {
  const head = `${id} ${about}, ${title}:`;
  const under = (first: string, text: string): readonly string[] => wrap(text, width, { first, rest: " ".repeat(first.length) });
  switch (checkup.kind) {
    case "right":
      return wrap(`${head} ${checkup.found}`, width, { first: "✓ ", rest: "  " });
    case "unseen":
      return [...wrap(`${head} could not be seen, because ${checkup.because}`, width, { first: "? ", rest: "  " }), ...under("  → ", checkup.next)];
    case "wrong":
      return [
        ...wrap(`${head} ${checkup.found}`, width, { first: `${marks[checkup.severity]} `, rest: "  " }),
        ...under("  right: ", checkup.right),
        ...under("  → ", checkup.next),
      ];
  }
}
