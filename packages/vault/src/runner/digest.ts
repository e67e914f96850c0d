import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";

/** SHA-256 of bytes as hex. */
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A small text as a checksummed zstd frame. */
export const squeeze = (text: string): Promise<Buffer> =>
  promisify(zstdCompress)(Buffer.from(text, "utf8"), { params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 3 } });

/** The text of such a frame. @throws when a bit of it was changed. */
export const unsqueeze = async (bytes: Uint8Array): Promise<string> => (await promisify(zstdDecompress)(bytes)).toString("utf8");
