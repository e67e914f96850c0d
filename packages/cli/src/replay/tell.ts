import type { NightshiftEvent } from "@nightshift/events";
import { wrap } from "../frame/format.ts";
import { sayEvent } from "./say-event.ts";
import type { Rehearsed, Verdict } from "./rehearse.ts";

/** What a replay prints for people: the world first, then the event, the verdict with its reasons, and the calls. */
export function replayLines(
  event: NightshiftEvent,
  { world, dispatcher, verdict, calls }: Rehearsed & { readonly world: string },
  columns: number,
): readonly string[] {
  const width = Math.max(60, Math.min(columns, 140));
  const block = (label: string, text: string) => wrap(text, width, { first: label.padEnd(12), rest: " ".repeat(12) });
  return [
    ...block("World", world),
    ...block("Event", sayEvent(event)),
    // Where nothing is decided, what the dispatcher says is the reason and stands below.
    ...(verdict.kind === "leave" && verdict.reason === "not-acted-on" ? [] : dispatcher).flatMap((line, i) => block(i === 0 ? "Dispatcher" : "", line)),
    ...block("Verdict", headline(verdict)),
    ...verdict.because.flatMap((because) => block("", `· ${because}`)),
    ...("otherwise" in verdict && verdict.otherwise !== undefined ? block("Otherwise", `what would change my mind: ${verdict.otherwise}`) : []),
    ...planLines(verdict, block),
    ...(calls.length === 0
      ? block("Calls", "none: nothing in production would be changed")
      : calls.flatMap((call, i) => block(i === 0 ? "Calls" : "", sayCall(call)))),
    ...(calls.length === 0 ? [] : block("", "(not made: this was a rehearsal)")),
  ];
}

/** The same for scripts. */
export const replayJson = (event: NightshiftEvent, { world, dispatcher, verdict, calls }: Rehearsed & { readonly world: string }): unknown => ({
  world,
  event: { kind: event.kind, says: sayEvent(event) },
  dispatcher,
  verdict,
  calls,
});

function headline(verdict: Verdict): string {
  switch (verdict.kind) {
    case "roll-back":
      return verdict.consent === "shadow" ? `roll back, but only said: the service is in shadow mode (${verdict.severity})` : `roll back (${verdict.severity})`;
    case "ask":
      return `ask a person (${verdict.severity})`;
    case "wait":
      return "wait: nothing to decide yet; the deployed guard looks again every 10 s";
    case "leave":
      return `leave (${verdict.reason})`;
  }
}

function planLines(verdict: Verdict, block: (label: string, text: string) => readonly string[]): readonly string[] {
  if ((verdict.kind !== "roll-back" && verdict.kind !== "ask") || verdict.plan === undefined) return [];
  return block("Plan", `${verdict.plan.id}: ${verdict.plan.steps.join("; ")}`);
}

const sayCall = ({ operation, on, input }: Rehearsed["calls"][number]): string => {
  const rest = Object.entries(input).filter(([, value]) => value !== on && typeof value !== "object");
  return `${operation} on ${on}${rest.length === 0 ? "" : ` with ${rest.map(([name, value]) => `${name} ${String(value)}`).join(", ")}`}`;
};
