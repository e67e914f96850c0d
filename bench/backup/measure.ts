import { spawn } from "node:child_process";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { describeDatabase } from "../../packages/vault/src/postgres/describe-database.ts";
import { holdSnapshot } from "../../packages/vault/src/postgres/hold-snapshot.ts";
import { connectTo } from "../../packages/vault/src/postgres/session.ts";
import { openStore } from "../../packages/vault/src/store/open.ts";
import { streamDump } from "../../packages/vault/src/stream/dump.ts";
import { readSegments } from "../../packages/vault/src/stream/read-back.ts";
import type { StreamedSegment } from "../../packages/vault/src/stream/segments.ts";

/**
 * One thing that is measured, in a process of its own: prints one line of JSON. Its own figures are the time of the work without the start of Node, and
 * the most memory that the process ever had.
 */
const { values } = parseArgs({
  options: {
    what: { type: "string", default: "dump" },
    endpoint: { type: "string", default: "" },
    bin: { type: "string", default: "" },
    port: { type: "string", default: "0" },
    database: { type: "string", default: "" },
    into: { type: "string", default: "" },
    key: { type: "string", default: "" },
    segments: { type: "string", default: "[]" },
    /** Megabytes that a stand-in for pg_dump writes as fast as it can. */
    fake: { type: "string", default: "0" },
  },
});
const signal = new AbortController().signal;
const store = openStore("s3://vault/bench", { endpoint: values.endpoint, region: "us-east-1" });
const env = { PATH: process.env["PATH"] ?? "", PGHOST: "127.0.0.1", PGPORT: values.port, PGUSER: "postgres" };
const keyOf = (segment: number): string => `${values.key}/${segment}.zst`;
// What the parent process wrote: the segments that an earlier measurement printed.
const segments = JSON.parse(values.segments) as readonly StreamedSegment[];

const began = performance.now();
const made = await measured();
const seconds = (performance.now() - began) / 1_000;
console.log(JSON.stringify({ seconds, megabytesResident: process.resourceUsage().maxRSS / 1_024, segments: made }));

function measured(): Promise<readonly StreamedSegment[]> {
  switch (values.what) {
    case "fake":
      return fake();
    case "dump":
      return dump([]);
    case "night":
      return night();
    case "download":
      return download();
    case "compare":
      return compare();
    default:
      return restore();
  }
}

function dump(more: readonly string[]): Promise<readonly StreamedSegment[]> {
  const args = ["-Fc", "-Z0", ...more, values.database];
  return streamDump({ program: path.join(values.bin, "pg_dump"), args, env, store, keyOf, signal });
}

/** The dump and the manifest of one snapshot, side by side, as the runner does it. */
async function night(): Promise<readonly StreamedSegment[]> {
  const connect = sessions();
  const held = await holdSnapshot({ connect });
  try {
    const [stored] = await Promise.all([dump([`--snapshot=${held.id}`]), describeDatabase({ connect, held, signal, schema: schemaText })]);
    return stored;
  } finally {
    await held.release();
  }
}

/** A restored copy read as the verifier reads it: two sessions, nobody else is there. */
async function compare(): Promise<readonly StreamedSegment[]> {
  await describeDatabase({ connect: sessions(), jobs: 2, signal, schema: schemaText });
  return segments;
}

function sessions(): ReturnType<typeof connectTo> {
  const nobody = { user: "postgres", password: undefined, sslMode: "disable", sslRootCert: undefined };
  return connectTo({ host: "127.0.0.1", port: Number(values.port), database: values.database, name: "bench", ...nobody }, signal);
}

async function schemaText(): Promise<string> {
  const child = spawn(path.join(values.bin, "pg_dump"), ["--schema-only", values.database], { env, stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  // A pipe without an encoding gives buffers.
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function download(): Promise<readonly StreamedSegment[]> {
  for await (const _ of readSegments({ store, segments, signal }));
  return segments;
}

async function restore(): Promise<readonly StreamedSegment[]> {
  const child = spawn(path.join(values.bin, "pg_restore"), ["-d", values.into, "--exit-on-error"], { env, stdio: ["pipe", "inherit", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await pipeline(readSegments({ store, segments, signal }), child.stdin);
  if ((await ended) !== 0) throw new Error("pg_restore failed");
  return segments;
}

/** More than a database of the bench's size can be, written faster than any pg_dump writes; half of it compresses. */
async function fake(): Promise<readonly StreamedSegment[]> {
  const script = `
    const block = require("node:crypto").randomBytes(1048576);
    block.fill("row,", 0, 524288);
    let left = ${Number(values.fake)};
    const write = () => { while (left > 0) { left -= 1; if (!process.stdout.write(block)) return process.stdout.once("drain", write); } };
    write();
  `;
  return streamDump({ program: process.execPath, args: ["-e", script], env: {}, store, keyOf, signal });
}
