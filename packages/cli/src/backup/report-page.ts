import { sayEstimate } from "@nightshift/decide/backups/recovery";
import { sayBytes } from "@nightshift/decide/backups/say";
import { type BackupState, days, hours, minutes, type Ms, sayDate, sayLength } from "@nightshift/model";
import { sayMoment } from "../frame/format.ts";
import { proofs, sayForecast } from "./standing-lines.ts";
import type { NightStands, Standing } from "./standing.ts";
import type { Standings } from "./standings.ts";
import { style } from "./report-style.ts";
import { sayThing } from "./things.ts";

/** One HTML page that needs nothing else: what is proven, what would be lost, how long a restore takes, over time. */
export async function reportPage({ read, at, standings }: Standings): Promise<string> {
  const { drawRecovery } = await import("@nightshift/lab/charts/recovery");
  const dumps = standings.filter(({ thing }) => thing.kind === "dump");
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Backups, ${sayDate(at)}</title><style>${style}</style></head><body><main>`,
    `<h1>Backups</h1><p class="small">From ${safe(read)}, ${sayMoment(at)} UTC. A backup counts as proven when it was read back, restored and compared row by row without a difference.</p>`,
    summaryTable(standings),
    ...dumps.map((one) => section(one, { at, draw: drawRecovery })),
    "</main></body></html>",
    "",
  ].join("\n");
}

const safe = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function summaryTable(standings: readonly Standing[]): string {
  const row = ({ thing, newest, rpo, rto, stored }: Standing): string => {
    const age = newest === undefined ? "none" : `${sayLength(newest.age)} old`;
    const cells = [
      safe(sayThing(thing)),
      `<span class="${newest === undefined ? "bad" : newest.state === "verified" ? "good" : "plain"}">${age}</span>`,
      newest === undefined ? "nothing was taken" : proofs[newest.proof],
      against(rpo.lost, rpo.target),
      thing.kind === "dump" ? against(rto.estimate?.total, rto.target) : "–",
      `${stored.proven} proven, ${stored.all} in all`,
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  };
  const heads = ["Thing", "Newest", "How far proven", "Would be lost now", "A restore takes", "Stored"];
  return `<div class="wide"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${standings.map(row).join("")}</tbody></table></div>`;
}

function against(value: Ms | undefined, target: Ms | undefined): string {
  const said = value === undefined ? "unknown" : sayLength(value);
  if (target === undefined) return said;
  const kept = value !== undefined && value <= target;
  return `<span class="${kept ? "good" : "bad"}">${kept ? "✓" : "✗"} ${said}</span> of ${sayLength(target)}`;
}

type Draw = typeof import("@nightshift/lab/charts/recovery").drawRecovery;
interface Around {
  readonly at: Standings["at"];
  readonly draw: Draw;
}

function section(one: Standing, { at, draw }: Around): string {
  const { thing, rto, suspect } = one;
  const estimate = rto.estimate === undefined ? "No restore of it was ever measured." : `A restore takes ${sayEstimate(rto.estimate, rto.target)}.`;
  return [
    `<section><h2>${safe(thing.of)}</h2>`,
    `<p>${safe(estimate)} Growth: ${safe(sayForecast(one))}.</p>`,
    ...(suspect === undefined
      ? []
      : [
          `<p class="bad">✗ ${safe(suspect.id)} is suspect: ${safe(suspect.because ?? "its contents look wrong")}. Nothing is pruned until somebody acknowledges it.</p>`,
        ]),
    "<h3>Nights of the last 30 days</h3>",
    calendar(one.nights),
    `<div class="charts">${charts(one, { at, draw }).join("")}</div>`,
    "<h3>What is kept</h3>",
    kept(one),
    "</section>",
  ].join("\n");
}

const words: Readonly<Record<BackupState | "none", string>> = {
  verified: "proven",
  uploaded: "taken, not proven",
  suspect: "suspect",
  failed: "failed",
  running: "running",
  pruned: "removed by retention",
  none: "none",
};
const marks: Readonly<Record<BackupState | "none", string>> = { verified: "✓", uploaded: "●", suspect: "?", failed: "✗", running: "…", pruned: "–", none: "" };

/** A week a row, from Sunday as the documents count; a mark beside the colour, for whoever sees none. */
function calendar(nights: readonly NightStands[]): string {
  const first = nights[0];
  // 1970-01-01 was a Thursday.
  const blank = first === undefined ? 0 : (Math.floor(first.day / days(1)) + 4) % 7;
  const cells = nights.map(
    ({ day, state, id, because }) =>
      `<li class="${state}" title="${safe([sayDate(day), words[state], id ?? "", because ?? ""].filter((part) => part !== "").join(" · "))}"><b>${sayDate(day).slice(8)}</b> ${marks[state]}<span class="hidden"> ${words[state]}</span></li>`,
  );
  const heads = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].map((name) => `<li class="head">${name}</li>`);
  const legend = (["verified", "uploaded", "suspect", "failed", "none"] as const)
    .map((state) => `<span class="key ${state}">${marks[state]}</span> ${words[state]}`)
    .join(" · ");
  return `<ol class="calendar">${heads.join("")}${'<li class="blank"></li>'.repeat(blank)}${cells.join("")}</ol><p class="small">${legend}</p>`;
}

/** The least that a picture spans. */
const LEAST = hours(1);

function charts({ samples, history, rpo, rto }: Standing, { at, draw }: Around): readonly string[] {
  const from = Math.min(at - LEAST, ...samples.map((sample) => sample.at), ...history.map((entry) => entry.at));
  const span = { from, to: at };
  const unit = (values: readonly number[]): { readonly name: string; readonly size: number } =>
    Math.max(0, ...values) >= hours(3) ? { name: "hours", size: hours(1) } : { name: "minutes", size: minutes(1) };
  const now = rpo.lost === undefined ? [] : [[at, rpo.lost] as const];
  const lost = [...samples.flatMap((sample) => (sample.rpo === undefined ? [] : [[sample.at, sample.rpo] as const])), ...now];
  const restore = samples.flatMap((sample) => (sample.rto === undefined ? [] : [[sample.at, sample.rto] as const]));
  const timed = (title: string, points: readonly (readonly [number, number])[], target: Ms | undefined): string => {
    const { name, size } = unit([target ?? 0, ...points.map(([, value]) => value)]);
    const drawn = draw({
      ...{ title, unit: name, ...span },
      lines: [{ name: title, points: thin(points).map(([when, value]) => [when, value / size]) }],
      ...(target === undefined ? {} : { target: { value: target / size, text: `at most ${sayLength(target)}` } }),
    });
    return figure(title, drawn, points.at(-1) === undefined ? "nothing measured yet" : `now ${sayLength((points.at(-1)?.[1] ?? 0) as Ms)}`); // The points are lengths.
  };
  const sizes = history.flatMap((entry) => (entry.sourceBytes === undefined ? [] : [[entry.at, entry.sourceBytes / 1e6] as const]));
  const stored = history.flatMap((entry) => (entry.bytes === undefined ? [] : [[entry.at, entry.bytes / 1e6] as const]));
  const dumps = history.flatMap((entry) => (entry.dump === undefined ? [] : [[entry.at, entry.dump] as const]));
  const restores = history.flatMap((entry) => (entry.restore === undefined ? [] : [[entry.at, entry.restore] as const]));
  const large = Math.max(0, ...sizes.map(([, value]) => value)) >= 5_000 ? 1_000 : 1;
  const inSeconds = Math.max(0, ...dumps.map(([, value]) => value), ...restores.map(([, value]) => value)) < minutes(3);
  const per = inSeconds ? 1_000 : minutes(1);
  const scaled = (points: readonly (readonly [number, number])[], by: number) => points.map(([when, value]) => [when, value / by] as const);
  return [
    timed("What would be lost (RPO)", lost, rpo.target),
    timed("How long a restore takes (RTO)", restore, rto.target),
    figure(
      "Size",
      draw({
        ...{ title: "Size", unit: large === 1 ? "MB" : "GB", ...span },
        lines: [
          { name: "database", points: scaled(sizes, large), dots: true },
          { name: "as stored", points: scaled(stored, large), dots: true },
        ],
      }),
      sizes.length === 0 ? "no size is known" : `now ${sayBytes((sizes.at(-1)?.[1] ?? 0) * 1e6)}`,
    ),
    figure(
      "How long it took",
      draw({
        ...{ title: "How long it took", unit: inSeconds ? "seconds" : "minutes", ...span },
        lines: [
          { name: "dump", points: scaled(dumps, per), dots: true },
          { name: "restore", points: scaled(restores, per), dots: true },
        ],
      }),
      dumps.length === 0 ? "nothing measured yet" : `dump ${sayLength((dumps.at(-1)?.[1] ?? 0) as Ms)}`, // As above.
    ),
  ];
}

const figure = (title: string, svg: string, says: string): string =>
  `<figure role="img" aria-label="${safe(`${title}: ${says}`)}">${svg}<figcaption class="hidden">${safe(`${title}: ${says}`)}</figcaption></figure>`;

/** More points than this cannot be told apart; of each stretch the worst stays. */
const POINTS = 360;
function thin(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const step = Math.ceil(points.length / POINTS);
  if (step <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / step) }, (_, i) => points.slice(i * step, (i + 1) * step)).flatMap((stretch) => {
    const worst = stretch.toSorted((a, b) => b[1] - a[1])[0];
    return worst === undefined ? [] : [worst];
  });
}

function kept({ listed }: Standing): string {
  if (listed.length === 0) return "<p>Nothing is kept.</p>";
  const row = ({ id, contentsOf, state, sourceBytes, bytes, rows, because }: Standing["listed"][number]): string => {
    const size = sourceBytes === undefined ? "–" : `${sayBytes(sourceBytes)}${bytes === undefined ? "" : `, ${sayBytes(bytes)} stored`}`;
    const cells = [
      safe(id),
      contentsOf === undefined ? "–" : sayMoment(contentsOf),
      size,
      rows === undefined ? "–" : rows.toLocaleString("en"),
      safe(because ?? ""),
    ];
    return `<tr><td><span class="key ${state}">${marks[state]}</span> ${words[state]}</td>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  };
  const heads = ["State", "Backup", "Contents of (UTC)", "Size", "Rows", "Remark"].map((head) => `<th scope="col">${head}</th>`).join("");
  return `<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${listed.map(row).join("")}</tbody></table></div>`;
}
