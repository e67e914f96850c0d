import { guard } from "@nightshift/model/guards";
import { type FileHandle, open, rm } from "node:fs/promises";
import { PortError } from "@nightshift/ports";
import { joinCrc64nvme } from "../stream/crc64nvme.ts";
import type { Stored, Upload } from "./store.ts";

/** What an upload into a directory is made of. */
export interface FolderUpload {
  readonly key: string;
  readonly temporary: string;
  readonly signal: AbortSignal;
  /** Gives the finished file its name. */
  readonly publish: (temporary: string) => Promise<Stored>;
}

interface Written {
  readonly bytes: number;
  readonly crc64nvme: string;
}

/** Parts into a temporary file, each at its own place; the same refusals as S3's: a part that is missing, another length, another checksum. */
export async function folderUpload({ key, temporary, signal, publish }: FolderUpload): Promise<Upload> {
  signal.throwIfAborted();
  let file: FileHandle | undefined = await open(temporary, "wx");
  const written = new Map<number, Written>();
  // Parts are of one size, so a part's place is known before those in front of it are written.
  let partBytes: number | undefined;
  const close = async (): Promise<void> => {
    const closing = file;
    file = undefined;
    await closing?.close();
  };
  return {
    async part(number, body, crc64nvme) {
      signal.throwIfAborted();
      if (file === undefined) throw new PortError("not-found", "upload", key, "it was ended already");
      if (number === 1) partBytes = body.length;
      if (partBytes === undefined) throw new PortError("invalid", "upload", key, "part 1 comes first");
      await writeAll(file, body, (number - 1) * partBytes);
      written.set(number, { bytes: body.length, crc64nvme });
    },
    async complete(whole) {
      if (file === undefined) throw new PortError("not-found", "upload", key, "it was ended already");
      refuseWrong(key, written, whole);
      await file.sync();
      await close();
      return publish(temporary);
    },
    async abort() {
      await close();
      await rm(temporary, { force: true });
    },
  };
}

async function writeAll(file: FileHandle, body: Uint8Array, place: number): Promise<void> {
  for (let at = 0; at < body.length; ) {
    const { bytesWritten } = await file.write(body, at, body.length - at, place + at);
    at += bytesWritten;
  }
}

function refuseWrong(key: string, written: ReadonlyMap<number, Written>, whole: Written): void {
  let [bytes, crc] = [0, "0000000000000000"];
  for (let number = 1; number <= written.size; number += 1) {
    const part = written.get(number);
    if (part === undefined) throw new PortError("invalid", "upload", key, `part ${number} is missing`);
    crc = joinCrc64nvme(crc, part.crc64nvme, part.bytes);
    bytes += part.bytes;
  }
  if (guard("an upload is whole", bytes !== whole.bytes)) throw new PortError("invalid", "upload", key, `${bytes} bytes arrived, and ${whole.bytes} were sent`);
  if (guard("an upload is whole", crc !== whole.crc64nvme))
    throw new PortError("invalid", "upload", key, `its CRC64NVME is ${crc}, and ${whole.crc64nvme} was sent`);
}
