import { deflateRawSync, inflateRawSync } from "node:zlib";
import { PortError } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import type { Row } from "./table.ts";

/** Longer texts are packed: a row's writes are paid by the kilobyte, and the same rows are written again and again. */
const PLAIN_AT_MOST = 1_000;
/** An item holds 400 KB with its names. Source: "Quotas in Amazon DynamoDB", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html, 2026-11-21. */
const STORED_AT_MOST = 350_000;

/** JSON knows no infinity, and would write `null`, which no type of ours has: what is no number is left out, as what is unknown. */
const plain = (value: object): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "number" && !Number.isFinite(inner) ? undefined : inner));

/**
 * A value as one attribute of a row: JSON, or where it is long the same packed (raw deflate, base64) under `NAMEPacked`.
 * @throws {PortError} `invalid` when even packed it does not fit into a row.
 */
export function storedText(name: string, value: object, what: string): Row {
  const text = plain(value);
  if (text.length <= PLAIN_AT_MOST) return { [name]: text, [`${name}Packed`]: undefined };
  const packed = deflateRawSync(text).toString("base64");
  if (packed.length > STORED_AT_MOST)
    throw new PortError(
      "invalid",
      "ledger:write",
      what,
      `it has ${packed.length} bytes packed, and a row holds ${STORED_AT_MOST}; watch fewer queues or workers`,
    );
  return { [name]: undefined, [`${name}Packed`]: packed };
}

/** The value that `storedText` wrote, and its fields to be checked one by one. @throws {PortError} `invalid`, naming the row. */
export function textStored(row: Fields, name: string): { readonly value: object; readonly fields: Fields } {
  const packed = row.textIfAny(`${name}Packed`);
  const { pk, sk } = row.raw;
  try {
    const value: unknown = JSON.parse(packed === undefined ? row.text(name) : inflateRawSync(Buffer.from(packed, "base64")).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { value, fields: fieldsOf({ ...value, pk, sk }) };
  } catch (error) {
    if (error instanceof PortError) throw error;
    throw unreadable(row, name, error);
  }
  throw unreadable(row, name);
}

const unreadable = ({ raw }: Fields, name: string, cause?: unknown): PortError =>
  new PortError("invalid", "ledger:read", `pk=${String(raw["pk"])} sk=${String(raw["sk"])}`, `attribute ${name} holds no JSON object; delete this row`, cause);
