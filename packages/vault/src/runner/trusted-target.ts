import { guard } from "@nightshift/model/guards";
import { isLoopback } from "../postgres/tls.ts";
import { AddressError, type DatabaseAddress } from "./address.ts";

/** What a target is held against; nothing of it comes from the job. */
export interface TargetRules {
  /** The addresses of the config: they may be reached as their URLs say. */
  readonly own: readonly DatabaseAddress[];
  /** Other hosts that the task's definition names; a `*` stands for anything within one label. */
  readonly hosts: readonly string[];
  /** File of the authorities that a target's certificate is held against, where the address names none. */
  readonly authorities: string | undefined;
}

/**
 * The address with what keeps its password from others: another than the config's own must be named, prove by a certificate who it is, and
 * never see the password itself.
 * @throws {AddressError} for a host that nobody named, or where no authorities are there to check it with.
 */
export function trustedTarget(target: DatabaseAddress, { own, hosts, authorities }: TargetRules): DatabaseAddress {
  if (isLoopback(target.host) || own.some(({ host, port }) => host === target.host && port === target.port)) return target;
  const named = [...hosts, ...own.flatMap(({ host }) => besides(host))];
  if (guard("a password goes only where the config says", !named.some((pattern) => fits(pattern, target.host))))
    throw new AddressError(
      `${target.host} is no host that the password may go to: allowed are ${[...new Set([...own.map(({ host }) => host), ...named])].join(", ")}. The task's definition names them (NIGHTSHIFT_TARGET_HOSTS): deploy again if the instance is new.`,
    );
  if (!guard("a target proves who it is")) return target;
  const file = target.sslRootCert ?? authorities;
  if (file === undefined)
    throw new AddressError(
      `${target.host} cannot be checked: a target needs TLS whose certificate is verified. Put the file of Amazon's RDS authorities into the image and its path into NIGHTSHIFT_DATABASE_CA (the runner's own Dockerfile does), or name it in the URL (sslrootcert=…).`,
    );
  return { ...target, sslMode: "verify-full", sslRootCert: file, scramOnly: true };
}

/** What Nightshift makes beside an RDS instance: the same account and region give the same end of the name ("Finding the connection information for an RDS for PostgreSQL DB instance", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ConnectToPostgreSQLInstance.html, 2026-11-21). */
function besides(host: string): readonly string[] {
  const [, end] = /^[^.]+\.([^.]+\.[^.]+\.rds\.amazonaws\.com(?:\.cn)?)$/.exec(host) ?? [];
  return end === undefined ? [] : [`nightshift-verify-*.${end}`, `nightshift-restore-*.${end}`];
}

const fits = (pattern: string, host: string): boolean =>
  pattern !== "" &&
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replaceAll(/[^\w-]/g, "\\$&"))
      .join("[^.]*")}$`,
    "i",
  ).test(host);
