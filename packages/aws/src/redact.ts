import { guard } from "@nightshift/model/guards";

/** One kind of secret: what it looks like, and what stands in its place. */
type Rule = readonly [pattern: RegExp, replacement: string];

// Repetitions are bounded, so that a long line without spaces costs linear time.
// Order matters: whole shapes first, then `name=value` pairs, e-mail addresses last (a URL's user info holds an @).
const rules: readonly Rule[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[private key]"],
  [/\b(A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}\b/g, "[aws key]"],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "[token]"],
  [/\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bsk[-_](live|test|proj)?[-_]?\w{16,}|\bglpat-[\w-]{16,}/g, "[token]"],
  [/\b(Bearer|Basic|Digest|Token)\s+[\w.~+/=-]{8,}/gi, "$1 [token]"],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,128}:[^\s@]{1,256}@/gi, "$1[credentials]@"],
  [
    /(["']?\b[\w.-]{0,40}(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?key|authorization|credential|session[_-]?id|cookie)[\w.-]{0,40}["']?\s{0,4}[:=]\s{0,4})("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?!\[)[^\s,;&"'}]+)/gi,
    "$1[secret]",
  ],
  [/([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|sig|signature|code)=)[^\s&"']+/gi, "$1[secret]"],
  [/[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}/g, "[e-mail]"],
];

/**
 * The text without what must not leave a log: private keys, AWS keys, tokens, passwords in URLs, values behind names
 * such as `password=`, and e-mail addresses (decision 13). Redacting twice changes nothing more.
 */
export const redact = (text: string): string =>
  guard("secrets are redacted") ? rules.reduce((kept, [pattern, replacement]) => kept.replace(pattern, replacement), text) : text;
