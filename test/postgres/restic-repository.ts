import { execFile } from "node:child_process";
import { createCipheriv, createDecipheriv, createHash, scryptSync } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** The program to ask: Debian's, or the one that RESTIC names. */
const program = process.env["RESTIC"] ?? "restic";
const run = promisify(execFile);

/** One snapshot as restic lists it. */
export interface Snapshot {
  readonly time: string;
  readonly hostname: string;
  readonly tags?: readonly string[];
}

/** What `restic forget --json` says of one group. */
export interface Forgotten {
  readonly host: string;
  readonly keep: readonly Snapshot[] | null;
  readonly remove: readonly Snapshot[] | null;
  readonly reasons: readonly { readonly snapshot: Snapshot; readonly matches: readonly string[] }[] | null;
}

/** `14` of `restic 0.14.0 …`. */
export async function minorVersion(): Promise<number> {
  const { stdout } = await run(program, ["version"]);
  const minor = /^restic 0\.(\d+)\./.exec(stdout)?.[1];
  if (minor === undefined) throw new Error(`restic version: expected "restic 0.N…", got "${stdout}"; install Debian's restic.`);
  return Number(minor);
}

/** A repository of snapshots alone: thousands of them are written in a second, which `restic backup` would take an hour for. */
export class Repository {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(folder: string) {
    this.#folder = folder;
    this.#environment = {
      PATH: process.env["PATH"],
      HOME: folder,
      TZ: "UTC",
      RESTIC_PASSWORD: "histories",
      RESTIC_REPOSITORY: path.join(folder, "repository"),
    };
  }

  /** Version 1 of the format: nothing is compressed. */
  async create(snapshots: readonly Snapshot[]): Promise<void> {
    await run(program, ["init", "--repository-version", "1"], { env: this.#environment });
    const folder = path.join(this.#folder, "repository");
    const [name = ""] = await readdir(path.join(folder, "keys"));
    const key = masterKey(await readFile(path.join(folder, "keys", name), "utf8"), "histories");
    await mkdir(path.join(folder, "snapshots"), { recursive: true });
    for (const [index, snapshot] of snapshots.entries()) {
      // `forget` looks at no tree: a name that no object has will do, but the same twice would be one file.
      const tree = createHash("sha256").update(String(index)).digest("hex");
      const file = seal(key, Buffer.from(JSON.stringify({ ...snapshot, tree, paths: ["/"], username: "nobody" })), index);
      await writeFile(path.join(folder, "snapshots", createHash("sha256").update(file).digest("hex")), file);
    }
  }

  /** What `restic forget` would do to every host's snapshots. */
  async forget(options: readonly string[]): Promise<readonly Forgotten[]> {
    const { stdout } = await run(program, ["forget", "--dry-run", "--json", "--no-cache", "--no-lock", "--group-by", "host", ...options], {
      env: this.#environment,
      maxBuffer: 256 * 1024 * 1024,
    });
    // restic's own report, described by the type above.
    return JSON.parse(stdout) as readonly Forgotten[];
  }
}

/** Keys of AES-256-CTR and Poly1305-AES. Source: "Keys, Encryption and MAC", https://restic.readthedocs.io/en/stable/100_references.html, read 2026-11-21. */
interface Key {
  readonly encrypt: Buffer;
  readonly k: Buffer;
  readonly r: Buffer;
}

/** The repository's own key, which lies sealed under the password's. */
function masterKey(file: string, password: string): Key {
  // The key file that `restic init` wrote.
  const { N, r, p, salt, data } = JSON.parse(file) as Record<"N" | "r" | "p", number> & Record<"salt" | "data", string>;
  const derived = scryptSync(password, Buffer.from(salt, "base64"), 64, { N, r, p, maxmem: 256 * N * r });
  const sealed = Buffer.from(data, "base64");
  const open = createDecipheriv("aes-256-ctr", derived.subarray(0, 32), sealed.subarray(0, 16));
  const text = Buffer.concat([open.update(sealed.subarray(16, -16)), open.final()]).toString("utf8");
  const { mac, encrypt } = JSON.parse(text) as { readonly mac: { readonly k: string; readonly r: string }; readonly encrypt: string };
  return { encrypt: Buffer.from(encrypt, "base64"), k: Buffer.from(mac.k, "base64"), r: Buffer.from(mac.r, "base64") };
}

/** Nonce, ciphertext, authentication: how restic stores everything. The nonce counts, so that it is never used twice under one key. */
function seal(key: Key, text: Buffer, count: number): Buffer {
  const nonce = createHash("sha256").update(`nonce ${count}`).digest().subarray(0, 16);
  const cipher = createCipheriv("aes-256-ctr", key.encrypt, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, sealed, authenticate(key, nonce, sealed)]);
}

/** Poly1305 of a message under `r` and the nonce's AES-128 under `k`. Source: RFC 8439, section 2.5, https://www.rfc-editor.org/rfc/rfc8439#section-2.5, read 2026-11-21. */
function authenticate({ k, r }: Key, nonce: Buffer, message: Buffer): Buffer {
  const block = createCipheriv("aes-128-ecb", k, null).setAutoPadding(false);
  const end = littleEndian(block.update(nonce));
  const clamped = littleEndian(r) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  const prime = (1n << 130n) - 5n;
  let sum = 0n;
  for (let from = 0; from < message.length; from += 16) {
    const part = message.subarray(from, from + 16);
    sum = ((sum + littleEndian(part) + (1n << BigInt(8 * part.length))) * clamped) % prime;
  }
  const tag = (sum + end) & ((1n << 128n) - 1n);
  return Buffer.from(tag.toString(16).padStart(32, "0"), "hex").reverse();
}

const littleEndian = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
