import type { JudgedTarget, TargetStands } from "@nightshift/decide/backups/recovery-targets";
import type { ProductNight } from "@nightshift/lab/products/night";
import { sayLength } from "@nightshift/model";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, wrap } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";

/** A night and a drill of five real products in the simulated account, and what of their promises can be kept. */
export const backupProducts: Command = {
  path: ["backup", "products"],
  group: "Try it",
  summary: "A night of five real products in the lab, and which of their recovery promises can be kept",
  more: [
    "Sizes and promises are those of the products' own documents; a size that a document does not name is assumed, and said to be. Rates are measured, lengths in the cloud come from a table that names its sources; --long shows them.",
    "Reads no account, no network, no credentials.",
  ],
  words: "PRODUCT",
  maxWords: 1,
  options: {
    long: { type: "switch", says: "every part of every estimate, with its source" },
    seed: { type: "text", value: "N", says: "a whole number; another one, another night", default: "1" },
  },
  example: "npx nightshift backup products customify-core-api --long",
  exits: { 1: "a promise cannot be met, and the output says why" },
  run: async (asked) => {
    const [{ productFacts }, { playProduct, sayNight }, { benchRates: rates }] = await Promise.all([
      import("@nightshift/lab/products/facts"),
      import("@nightshift/lab/products/night"),
      import("@nightshift/lab/products/bench-rates"),
    ]);
    const chosen = choose(asked, productFacts);
    const seed = Number(textOf(asked, "seed") ?? "1");
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Refusal("backup products: --seed: expected a whole number. Leave it out for the first night.");
    const nights: ProductNight[] = [];
    for (const [i, product] of chosen.entries()) {
      asked.io.progress(`${i} of ${chosen.length}  ${product.name}`);
      nights.push(await playProduct(product, { seed, rates }));
    }
    asked.io.progress(undefined);
    answer(asked, nights.map(jsonOf), [...nights.flatMap((night) => linesOf(night, sayNight(night), asked)), ...summary(nights, asked)]);
    return nights.some(({ judged }) => judged.some(({ stands }) => stands === "cannot be met")) ? 1 : 0;
  },
};

function choose<T extends { readonly name: string }>(asked: Asked, products: readonly T[]): readonly T[] {
  const [name] = asked.words;
  if (name === undefined) return products;
  const found = products.filter((product) => product.name === name);
  if (found.length > 0) return found;
  const names = products.map((product) => product.name);
  const close = nearest(name, names);
  throw new Refusal(`backup products: there is no product "${name}".${close === undefined ? "" : ` Did you mean ${close}?`} Known: ${names.join(", ")}.`);
}

const marks: Readonly<Record<TargetStands, string>> = { met: "✓", "at risk": "●", "cannot be met": "✗", "no target": "–" };

function linesOf({ product, judged }: ProductNight, night: string, asked: Asked): readonly string[] {
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  return [
    product.name,
    ...wrap(`${product.sizeSays}.`, width, { first: "  ", rest: "  " }),
    ...wrap(`Night: ${night}.`, width, { first: "  ", rest: "  " }),
    ...judged.flatMap((one) => [
      `  ${marks[one.stands]} ${one.target.kind} ${one.target.asked === undefined ? "no target" : sayLength(one.target.asked)}, ${one.target.when}: ${estimate(one)}, ${one.stands}`,
      ...wrap(`${one.because} (${one.target.says}).`, width, { first: "      ", rest: "      " }),
      ...(isOn(asked, "long") ? sourcesOf(one, width) : []),
    ]),
    "",
  ];
}

const estimate = ({ usual, worst }: JudgedTarget): string =>
  usual === undefined || worst === undefined ? "no way" : `${sayLength(usual)} to ${sayLength(worst)}`;

const sourcesOf = ({ way }: JudgedTarget, width: number): readonly string[] =>
  (way?.parts ?? []).flatMap((part) =>
    wrap(`${part.what}: ${sayLength(part.usual)} to ${sayLength(part.worst)}, ${part.sure}: ${part.source}`, width, { first: "        ", rest: "          " }),
  );

function summary(nights: readonly ProductNight[], asked: Asked): readonly string[] {
  const all = nights.flatMap(({ judged }) => judged);
  const count = (stands: TargetStands): number => all.filter((one) => one.stands === stands).length;
  const counted = (["met", "at risk", "cannot be met", "no target"] as const).map((stands) => `${count(stands)} ${stands}`).join(", ");
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  return wrap(
    `${all.length} promises of ${nights.length === 1 ? "one product" : `${nights.length} products`}: ${counted}. At risk: kept on an ordinary day, and not on a bad one.`,
    width,
    {
      rest: "  ",
    },
  );
}

const jsonOf = ({ product, rows, judged }: ProductNight) => ({
  product: product.name,
  document: product.document,
  bytes: product.bytes,
  sizeSays: product.sizeSays,
  backups: rows.map(({ id, kind, state, proof, times }) => ({ id, kind, state, proof, times })),
  promises: judged.map(({ target, stands, usual, worst, because, way }) => ({
    target: target.kind,
    when: target.when,
    askedMs: target.asked ?? null,
    says: target.says,
    verdict: stands,
    usualMs: usual ?? null,
    worstMs: worst ?? null,
    by: way?.by ?? null,
    because,
    parts: way?.parts ?? [],
  })),
});
