import { EnvironmentError } from "@nightshift/aws/environment";
import { PortError, type PortErrorKind } from "@nightshift/ports";
import { Refusal } from "./command.ts";

/** What a person does next about an AWS call that failed. */
const next: Readonly<Record<PortErrorKind, string>> = {
  throttled: "AWS limits the rate of calls; wait a minute and run the same command again.",
  unavailable: "AWS did not answer properly; run the same command again, and look at health.aws.amazon.com if it stays.",
  timeout: "No answer came in time: check the network and AWS_ENDPOINT_URL, look whether the change happened, then run the same command again.",
  conflict: "Somebody else changed it meanwhile; run the same command again to see how it is now.",
  "not-found": "Check the name, the region (AWS_REGION or --region) and the account that your credentials belong to.",
  denied: "Check your credentials (`aws sts get-caller-identity`) and that they may make this call; docs/permissions.md lists what each command needs.",
  invalid: "Check the names that were given; `npx nightshift COMMAND --help` shows what is expected.",
  unsupported: "Narrow the question.",
};

/** What a person is told about an error: a Refusal as it is, a failed AWS call with the next step. Undefined: a bug of ours. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof PortError) return new Refusal(`${oneLine(error.message)}. ${next[error.kind]}`, 1);
  if (error instanceof EnvironmentError) return new Refusal(error.message);
  return ofTheSystem(error);
}

/** What the system refused (a file, a port, memory), by the words of its own codes. Undefined: it was not the system. */
function ofTheSystem(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error) || typeof error.code !== "string") return undefined;
  const where = "path" in error && typeof error.path === "string" ? error.path : "address" in error ? String(error.address) : undefined;
  const step = steps[error.code] ?? "look at what is named, then run the same command again";
  return new Refusal(`${where === undefined ? "" : `${where}: `}${String(error.syscall)} failed with ${error.code}; ${step}.`, 1);
}

/** What is done next, by the system's error name (Linux manual page errno(3), 2026-11-21). */
const steps: Readonly<Record<string, string>> = {
  ENOENT: "it is not there: check the path",
  ENOTDIR: "a part of the path is a file: name another directory",
  EISDIR: "it is a directory: name a file",
  EEXIST: "it is there already: name another",
  EACCES: "you may not: check who it belongs to",
  EPERM: "you may not: check who it belongs to",
  EROFS: "nothing may be written there: name another directory",
  ENOSPC: "its disk is full: free some space there, or name another directory",
  EDQUOT: "your share of its disk is full: free some space there, or name another directory",
  EMFILE: "too many files are open: raise the limit (`ulimit -n`)",
  ENAMETOOLONG: "the name is too long: choose a shorter one",
  ECONNREFUSED: "nobody answers there: check the address and that it runs",
  EADDRINUSE: "something else listens there: end it, or choose another port",
};

/** What is said of a fault of ours: one line; where it happened is printed for whoever asks by this variable. */
export const DEBUG = "NIGHTSHIFT_DEBUG";
export function sayFault(error: unknown): string {
  const said = oneLine(error instanceof Error ? error.message : String(error)).replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, "$1…@");
  return `Nightshift itself failed, which is a fault of it: ${said}. Run it again with ${DEBUG}=1 to see where, and report that.`;
}

/** A paragraph has no line breaks, and no full stop twice. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
