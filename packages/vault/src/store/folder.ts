import { randomUUID } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { epochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { folderStream } from "./folder-stream.ts";
import { folderUpload } from "./folder-upload.ts";
import { refuseKey } from "./keys.ts";
import { whileRoom } from "./room.ts";
import type { ObjectHead, OpenUpload, Store, Stored, StoredObject } from "./store.ts";

// What is being written lies here under its key and a name of its own, on the same file system as what it becomes.
const unfinished = ".unfinished";
const largestRead = 64 * 1_024 ** 2;
const mostObjects = 100_000;

/** A store in a directory: an object is a file, which appears whole or not at all and is on disk when it does. It knows no versions and no locks. */
export function openFolder(root: string): Store {
  const fileOf = (operation: string, key: string): string => {
    refuseKey(operation, key);
    if (guard("a key stays inside the store", key.startsWith(`${unfinished}/`)))
      throw new PortError("invalid", operation, key, `${unfinished}/ is the store's own`);
    return path.join(root, key);
  };
  const begin = async (key: string): Promise<string> => {
    const folder = path.join(root, unfinished);
    await mkdir(folder, { recursive: true });
    return path.join(folder, `${randomUUID()}.${encodeURIComponent(key)}`);
  };
  return {
    place: root,
    read: async (key) => readWhole(fileOf("read", key), key),
    stream: async (key, { from = 0, signal }) => folderStream(fileOf("read", key), { key, from, signal }),
    head: async (key) => headOf(fileOf("head", key), key),
    list: async (prefix) => (await walk(root, "", prefix)).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    async glance(prefix, atMost) {
      const found = (await walk(root, "", prefix)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
      return { objects: found.slice(0, atMost), whole: found.length <= atMost };
    },
    clock: async () => epochMs(Date.now()),
    put: async (key, body, { onlyIfAbsent = false } = {}) =>
      whileRoom(
        root,
        begin(key).then((temporary) => put(fileOf("put", key), temporary, { body, onlyIfAbsent })),
      ),
    upload: async (key, { signal }) => {
      const temporary = await whileRoom(root, begin(key));
      const upload = await whileRoom(root, folderUpload({ key, temporary, signal, publish: (written) => publish(written, fileOf("upload", key)) }));
      return {
        part: (...part) => whileRoom(root, upload.part(...part)),
        complete: (whole) => whileRoom(root, upload.complete(whole)),
        abort: () => upload.abort(),
      };
    },
    openUploads: (prefix) => openUploads(root, prefix),
    abort: ({ id }) => rm(path.join(root, unfinished, path.basename(id)), { force: true }),
    async delete({ key, etag }) {
      const file = fileOf("delete", key);
      const there = await headOf(file, key);
      if (there === undefined) return "gone";
      if (guard("only what was seen is deleted", there.etag !== etag)) return "changed";
      await rm(file, { force: true });
      await syncFolder(path.dirname(file));
      return "deleted";
    },
    lock: async () => "unsupported",
  };
}

/** Gives a finished file its name, only if nobody has it; the file and its name are on disk afterwards. */
async function publish(temporary: string, file: string): Promise<Stored> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await link(temporary, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return "taken";
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(path.dirname(file));
  return "stored";
}

async function put(file: string, temporary: string, { body, onlyIfAbsent }: { readonly body: Uint8Array; readonly onlyIfAbsent: boolean }): Promise<Stored> {
  const handle = await open(temporary, "wx");
  try {
    await handle.writeFile(body);
    await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  if (guard("nothing in the store is written over", onlyIfAbsent)) {
    const how = await publish(temporary, file);
    return how === "taken" && Buffer.compare(await readFile(file), body) === 0 ? "stored" : how;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
  return "stored";
}

async function readWhole(file: string, key: string): Promise<Uint8Array> {
  const there = await headOf(file, key);
  if (there === undefined) throw new PortError("not-found", "read", key, `${file} is not there`);
  if (there.bytes > largestRead)
    throw new PortError("invalid", "read", key, `it has ${there.bytes} bytes, more than the 64 MiB that are read at once; stream it`);
  return readFile(file);
}

async function headOf(file: string, key: string): Promise<ObjectHead | undefined> {
  const found = await lookAt(file);
  if (found === undefined || !found.isFile()) return undefined;
  return { ...describe(key, found), crc64nvme: undefined, lockedUntil: undefined };
}

/** Another file, or the same one written again, has another tag. */
const describe = (key: string, found: BigIntStats): StoredObject => ({
  key,
  bytes: Number(found.size),
  version: undefined,
  etag: `${found.ino}-${found.mtimeNs}-${found.size}`,
  modified: epochMs(Number(found.mtimeNs / 1_000_000n)),
});

async function walk(root: string, folder: string, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for (const entry of await entriesOf(path.join(root, folder))) {
    const key = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (key !== unfinished && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) found.push(...(await walk(root, key, prefix)));
    } else if (entry.isFile() && key.startsWith(prefix)) {
      const there = await lookAt(path.join(root, key));
      if (there !== undefined) found.push(describe(key, there));
    }
    if (found.length > mostObjects)
      throw new PortError("unsupported", "list", prefix, "more than 100,000 objects lie there; is this the store's own directory?");
  }
  return found;
}

async function openUploads(root: string, prefix: string): Promise<readonly OpenUpload[]> {
  const found: OpenUpload[] = [];
  for (const { name } of await entriesOf(path.join(root, unfinished))) {
    const key = decodeURIComponent(name.slice(name.indexOf(".") + 1));
    const there = await lookAt(path.join(root, unfinished, name));
    if (there !== undefined && key.startsWith(prefix)) found.push({ key, id: name, begun: epochMs(Number(there.birthtimeMs)) });
  }
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

const entriesOf = async (folder: string) => (await absentIsNothing(readdir(folder, { withFileTypes: true }))) ?? [];
const lookAt = (file: string): Promise<BigIntStats | undefined> => absentIsNothing(stat(file, { bigint: true }));

async function absentIsNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, "code") : undefined);
