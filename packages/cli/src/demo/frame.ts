import { stripVTControlCharacters } from "node:util";
import type { ServiceView, View } from "./view.ts";

const LEFT = 40;
const BAR = 20;
const GREEN = "\u001b[32m";
const RED = "\u001b[31m";
const DIM = "\u001b[2m";
const PLAIN = "\u001b[0m";

/** One screen: the simulated account on the left, the thread on the right. Pure; `columns` and `rows` bound it. */
export function frameOf(view: View, { columns, rows }: { columns: number; rows: number }): readonly string[] {
  const left = [
    `AWS account (simulated)  ${view.clock} UTC`,
    "",
    ...view.services.flatMap(serviceLines),
    "",
    "Nightshift changed:",
    ...(view.calls.length === 0 ? [`${DIM}  nothing${PLAIN}`] : view.calls.slice(-4).map((call) => `  ${call.replace("ecs:", "")}`)),
  ];
  const width = Math.max(30, columns - LEFT - 4);
  const right = [`Slack #incidents`, "", ...view.thread.flatMap((text) => text.split("\n").flatMap((line) => wrap(line, width)))];
  const height = Math.max(8, rows - 3);
  // The newest lines matter: an overlong thread loses its middle, never its header or its end.
  const shown = right.length <= height ? right : [...right.slice(0, 3), `${DIM}  …${PLAIN}`, ...right.slice(right.length - height + 4)];
  const lines = Math.min(height, Math.max(left.length, shown.length));
  return Array.from({ length: lines }, (_, i) => `${pad(left[i] ?? "", LEFT)}  │ ${shown[i] ?? ""}`);
}

function serviceLines(service: ServiceView): readonly string[] {
  const errors = service.errors === undefined ? "" : `   5xx ${service.errors > 1 ? RED : GREEN}${service.errors.toFixed(1)} %${PLAIN}`;
  const bars = service.shares.map(({ revision, share, bad }) => {
    const full = Math.round(share * BAR);
    return `  ${bad ? RED : GREEN}${"█".repeat(full)}${DIM}${"░".repeat(BAR - full)}${PLAIN} ${revision}`;
  });
  return [`${service.name}${errors}`, ...(bars.length === 0 ? [`  ${DIM}nothing serves${PLAIN}`] : bars)];
}

/** Splits a line at spaces; what follows the first piece is indented. */
export function wrap(line: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const cut = space > width / 2 ? space : width;
    pieces.push(rest.slice(0, cut));
    rest = `          ${rest.slice(cut).trimStart()}`;
  }
  return [...pieces, rest];
}

/** A narrower terminal gets lines instead: what wraps cannot be redrawn in place. */
export const NARROWEST = LEFT + 4 + 30;

/** Pads or cuts to `width` visible characters, not counting colours. */
function pad(text: string, width: number): string {
  const visible = stripVTControlCharacters(text);
  if (visible.length > width) return `${visible.slice(0, width - 1)}…`;
  return text + " ".repeat(width - visible.length);
}
