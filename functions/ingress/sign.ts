import { createHash, createHmac } from "node:crypto";
import { type EpochMs, utc } from "@nightshift/model";

/** Who signs: as Lambda hands it to a function. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** One call to AWS, to the root of a service's address and without a query: all that JSON services need. */
export interface Unsigned {
  readonly method: "GET" | "POST";
  readonly host: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** As the credential scope names it: `sqs`, `dynamodb`, `ssm`. */
  readonly service: string;
  readonly region: string;
}

/**
 * The call's headers with Signature Version 4. Tested against the vectors that AWS published for it.
 * Source: "Create a signed AWS API request", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, read 2026-11-21.
 */
export function signCall(call: Unsigned, by: Credentials, at: EpochMs): Readonly<Record<string, string>> {
  const stamp = amzDate(at);
  const day = stamp.slice(0, 8);
  const scope = `${day}/${call.region}/${call.service}/aws4_request`;
  const token = by.sessionToken === undefined ? {} : { "x-amz-security-token": by.sessionToken };
  const headers: Readonly<Record<string, string>> = { ...call.headers, host: call.host, "x-amz-date": stamp, ...token };
  const names = Object.keys(headers).toSorted();
  const canonical = [
    call.method,
    "/",
    "",
    // Spaces around a value do not count, and several inside count as one.
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    names.join(";"),
    sha256(call.body),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n");
  const key = [day, call.region, call.service, "aws4_request"].reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${by.secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  return { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${by.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}` };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** `20150830T123600Z`. */
function amzDate(at: EpochMs): string {
  const { year, month, day, hour, minute, second } = utc(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${year}${two(month)}${two(day)}T${two(hour)}${two(minute)}${two(second)}Z`;
}
