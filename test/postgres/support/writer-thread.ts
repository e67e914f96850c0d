import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import pg from "pg";

/** The thread of writer.ts: some connections, each writing one transaction after the other, all together at the rate that was asked for. */
interface Work {
  readonly url: string;
  readonly tps: number;
  readonly connections: number;
  readonly seed: number;
  readonly counter: Int32Array;
}
// The parent is writer.ts, which sends exactly this.
const { url, tps, connections, seed, counter } = workerData as Work;
const failed: Record<string, number> = {};
let stopped = false;
parentPort?.on("message", () => {
  stopped = true;
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One transaction in one round trip: what most shops do most, the newest rows most of all. */
function transaction(random: () => number, { orders, customers }: { readonly orders: number; readonly customers: number }): string {
  const upTo = (n: number): number => Math.floor(random() * n);
  const order = Math.max(1, orders - upTo(1_000));
  const customer = 1 + upTo(customers);
  const product = "(select product_id from shop.stock where product_id >= md5('" + upTo(1e9) + "')::uuid order by product_id limit 1)";
  const kind = random();
  if (kind < 0.3) {
    return `begin; with made as (insert into shop.orders (customer_id, total, placed_at, notes) values (${customer}, ${upTo(1e6) / 100}, clock_timestamp(), 'n${upTo(1e6)}') returning id)
      insert into shop.order_lines select id, 1, sku.product_id, ${1 + upTo(9)}, ${upTo(1e5) / 1e4} from made, (select product_id from shop.stock order by product_id limit 1) sku on conflict do nothing; commit`;
  }
  if (kind < 0.5) return `update shop.orders set total = total + 0.01, state = 'paid' where id = ${order} and placed_at > '2026-06-01Z'`;
  if (kind < 0.65) return `begin; update shop.stock set on_hand = on_hand - 1, moved_at = clock_timestamp() where product_id = ${product}; commit`;
  if (kind < 0.75) return `update shop.customers set changes = changes + 1, rating = ${random()} where id = ${customer}`;
  if (kind < 0.9)
    return `insert into shop.events (kind, payload, raw) values ('written', '{"n": ${upTo(1e9)}}', decode('${upTo(1e9).toString(16).padStart(8, "0")}', 'hex'))`;
  if (kind < 0.94) return `delete from shop.events where id = (select max(id) from shop.events) - ${upTo(500)}`;
  if (kind < 0.97) return `begin; insert into shop.no_key values ('w', ${upTo(9)}); select nextval('shop.invoice_numbers'); commit`;
  if (kind < 0.985) return `insert into shop.sessions values (md5('${upTo(1e9)}'), ${customer}) on conflict (token) do update set seen = now()`;
  if (kind < 0.995) return `insert into shop.trucks (plate, load_kg) values ('W-${upTo(1e9)}-${upTo(1e9)}', ${upTo(9_999)})`;
  return `begin; with made as (select pg_catalog.lo_from_bytea(0, '\\x${upTo(1e9).toString(16).padStart(8, "0")}') as body) insert into shop.documents select (select max(id) + 1 from shop.documents), body, 'w' from made on conflict do nothing; commit`;
}

async function write(lane: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "writer" });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("set lock_timeout = '10s'");
  const random = chance(seed * 1_000 + lane);
  const { rows } = await client.query<{ orders: number; customers: number }>(
    "select (select max(id) from shop.orders)::int as orders, (select max(id) from shop.customers)::int as customers",
  );
  const known = rows[0] ?? { orders: 1, customers: 1 };
  const began = performance.now();
  for (let n = 0; !stopped; n += 1) {
    const early = began + (n * connections * 1_000) / tps - performance.now();
    if (early > 2) await pause(early);
    try {
      await client.query(transaction(random, { ...known, orders: known.orders + n }));
      if (Atomics.add(counter, 0, 1) === 0) parentPort?.postMessage({ began: true });
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? (error.code ?? "unknown") : "connection";
      failed[code] = (failed[code] ?? 0) + 1;
      if (code === "connection") break;
      await client.query("rollback").catch(() => undefined);
    }
  }
  await client.end().catch(() => undefined);
}

await Promise.all(Array.from({ length: connections }, (_, lane) => write(lane)));
parentPort?.postMessage({ failed });
parentPort?.close();
