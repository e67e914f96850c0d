/**
 * CRC64NVME, which S3 keeps of a whole multipart object. The JavaScript in the AWS SDK does about 0.25 GB/s on our machine and would be the slowest
 * part of a dump; eight tables in 500 bytes of WebAssembly do six times that (measured 2026-11-21, `bench/backup`).
 * Source: "Checking object integrity for data uploads in Amazon S3",
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html, 2026-11-21;
 * polynomial: NVM Express NVM Command Set Specification 1.0, 5.2.1.3.4, reflected.
 */
const polynomial = 0x9a6c9329ac4bc9b5n;
const ones = 0xffff_ffff_ffff_ffffn;

/** CRC64NVME of bytes, as 16 hex digits; `of` carries on from the CRC of what came before. */
export function crc64nvme(bytes: Uint8Array, of = "0000000000000000"): string {
  const { memory, run } = engine();
  let crc = BigInt.asUintN(64, ~BigInt(`0x${of}`));
  const whole = bytes.length - (bytes.length % 8);
  const room = new Uint8Array(memory.buffer, dataAt, dataBytes);
  for (let at = 0; at < whole; at += dataBytes) {
    const piece = bytes.subarray(at, Math.min(whole, at + dataBytes));
    room.set(piece);
    crc = BigInt.asUintN(64, run(dataAt, dataAt + piece.length, crc));
  }
  for (const byte of bytes.subarray(whole)) crc = shiftByte(crc, byte);
  return hex(crc ^ ones);
}

/** The CRC of two pieces put together, from the CRC of each and the length of the second: what the whole object's is made of. */
export function joinCrc64nvme(first: string, second: string, secondBytes: number): string {
  return hex(multiply(BigInt(`0x${first}`), powerOfX(8n * BigInt(secondBytes))) ^ BigInt(`0x${second}`));
}

/** Hex as S3 wants it in a header. */
export const crcToBase64 = (crc: string): string => Buffer.from(crc, "hex").toString("base64");
/** What S3 says in a header, as hex. */
export const crcFromBase64 = (crc: string): string => Buffer.from(crc, "base64").toString("hex");

const hex = (crc: bigint): string => BigInt.asUintN(64, crc).toString(16).padStart(16, "0");

const byteTable = Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  return crc;
});
const shiftByte = (crc: bigint, byte: number): bigint => (crc >> 8n) ^ (byteTable[Number((crc ^ BigInt(byte)) & 255n)] ?? 0n);

// In the reflected writing the highest bit is x^0 and multiplying by x shifts to the right.
const one = 1n << 63n;
function multiply(a: bigint, b: bigint): bigint {
  let [sum, shifted] = [0n, a];
  for (let bit = 63n; bit >= 0n; bit -= 1n) {
    if ((b >> bit) & 1n) sum ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return sum;
}
function powerOfX(exponent: bigint): bigint {
  let [result, square] = [one, one >> 1n];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

// Eight tables of 256 words at the beginning of the memory, then the bytes: small enough to stay in the processor's cache.
const dataAt = 65_536;
const dataBytes = 65_536;

interface Engine {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly run: (from: number, to: number, crc: bigint) => bigint;
}
let made: Engine | undefined;
function engine(): Engine {
  made ??= makeEngine();
  return made;
}

// The two names of the WebAssembly JavaScript Interface that are used; their types belong to browsers' and are not loaded here.
interface Wasm {
  readonly Module: new (program: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: { readonly m: Engine["memory"]; readonly f: Engine["run"] } };
}

function makeEngine(): Engine {
  // Every Node has it, and the module below exports exactly these two.
  const { Module, Instance } = Reflect.get(globalThis, "WebAssembly") as Wasm;
  const { exports } = new Instance(new Module(program()));
  const engine = { memory: exports.m, run: exports.f };
  const tables = new BigUint64Array(engine.memory.buffer, 0, 8 * 256);
  byteTable.forEach((crc, byte) => {
    let word = crc;
    for (let table = 0; table < 8; table += 1) {
      tables[table * 256 + byte] = word;
      word = shiftByte(word, 0);
    }
  });
  return engine;
}

/** `f(from, to, crc)`: eight bytes a round, each looked up in its own table. Opcodes: WebAssembly Core Specification 2.0, "Index of Instructions". */
function program(): Uint8Array<ArrayBuffer> {
  const [i32, i64] = [0x7f, 0x7e];
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  const load = (offset: number): number[] => [0x29, 0, ...leb(offset)];
  const lookups = Array.from({ length: 8 }, (_, k) => [
    ...get(2),
    ...[0x42, ...leb(8 * k), 0x88], // crc >>> 8k
    ...[0x42, 0xff, 0x01, 0x83, 0xa7], // & 255, as i32
    ...[0x41, 3, 0x74, ...load((7 - k) * 2_048)], // × 8: a word of table 7 - k
    ...(k === 0 ? [] : [0x85]), // xor
  ]).flat();
  const round = [...get(2), ...get(0), ...load(0), 0x85, ...set(2), ...lookups, ...set(2), ...get(0), 0x41, 8, 0x6a, ...set(0)];
  const loop = [0x02, 0x40, 0x03, 0x40, ...get(0), ...get(1), 0x4f, 0x0d, 1, ...round, 0x0c, 0, 0x0b, 0x0b];
  const body = [0, ...loop, ...get(2), 0x0b];
  const section = (id: number, content: readonly number[]): number[] => [id, ...leb(content.length), ...content];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, i32, i32, i64, 1, i64]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 2]), // two pages of 64 KiB
    ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]), // "m": memory 0, "f": function 0
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** Unsigned LEB128; constants of instructions are signed, so nothing from 64 to 127 may be one byte: `i64.const` of ours stays below 64. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
