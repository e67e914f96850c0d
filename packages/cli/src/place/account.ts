import { callsWith } from "@nightshift/aws/calls";
import { ledgerPorts, type LedgerPorts } from "@nightshift/aws/ledger/index";
import { awsWorld, type AwsWorld } from "@nightshift/aws/world";
import { readEnvironment } from "@nightshift/aws/environment";
import type { Reach } from "@nightshift/aws/reach";
import type { Asked, Option } from "../frame/command.ts";
import { Refusal, textOf } from "../frame/command.ts";
import type { Place } from "./place.ts";

/** Options of every command that reads an account. */
export const accountOptions = {
  region: { type: "text", value: "REGION", says: "the AWS region (default AWS_REGION, then the config's)" },
} as const satisfies Readonly<Record<string, Option>>;

/** Options of every command that reads or writes the ledger. */
export const ledgerOptions = {
  ...accountOptions,
  ledger: { type: "text", value: "TABLE", says: "the ledger table (default LEDGER_TABLE)" },
  audit: { type: "text", value: "TABLE", says: "the audit table (default AUDIT_TABLE)" },
} as const satisfies Readonly<Record<string, Option>>;

/** The account that the person's credentials belong to. */
export interface Account {
  readonly region: string;
  readonly reach: Reach;
  /** Every port but chat; ledger ports only where the tables are known. */
  readonly world: AwsWorld<Partial<LedgerPorts>>;
}

/** The same, with its ledger. */
export interface AccountWithLedger extends Account {
  readonly world: AwsWorld;
}

/** Connects to the account. @throws {Refusal} without a region. */
export function accountOf(place: Place, asked: Asked, configured?: string): Account {
  const region = regionOf(place, asked, configured);
  const ledger = tablesOf(place, asked);
  const reach: Reach = { connections: place.connections(region), calls: callsWith(place.patience), clock: place.clock };
  const ports = ledger === undefined ? {} : ledgerPorts(() => reach.connections.dynamodb(), ledger, reach.calls);
  return { region, reach, world: awsWorld({ ...worldParts(place, reach, region), ledger: ports }) };
}

/** Connects to the account and its ledger. @throws {Refusal} without a region, or without the names of both tables. */
export function ledgerOf(place: Place, asked: Asked, configured?: string): AccountWithLedger {
  const tables = tablesOf(place, asked);
  if (tables === undefined) {
    throw new Refusal(
      "The ledger's tables are not known: holds, approvals and incidents live there, and nothing was changed. Set LEDGER_TABLE and AUDIT_TABLE, or pass --ledger and --audit; `npx sst deploy` prints the ledger's name, `aws dynamodb list-tables` shows both.",
    );
  }
  const region = regionOf(place, asked, configured);
  const reach: Reach = { connections: place.connections(region), calls: callsWith(place.patience), clock: place.clock };
  const ports = ledgerPorts(() => reach.connections.dynamodb(), tables, reach.calls);
  return { region, reach, world: awsWorld({ ...worldParts(place, reach, region), ledger: ports }) };
}

/** What the adapters are built with. Of what functions are given only the evidence bucket, the guard (which carries out approved plans), the war room and the snapshot matter to a person, and only where they are named. */
const worldParts = (place: Place, { connections, clock }: Reach, region: string) => ({
  connections,
  clock,
  patience: place.patience,
  environment: readEnvironment(["AWS_REGION"], {
    EVIDENCE_BUCKET: place.environment["EVIDENCE_BUCKET"],
    GUARD_FUNCTION_ARN: place.environment["GUARD_FUNCTION_ARN"],
    WAR_ROOM_FUNCTION_ARN: place.environment["WAR_ROOM_FUNCTION_ARN"],
    SNAPSHOT_FUNCTION_ARN: place.environment["SNAPSHOT_FUNCTION_ARN"],
    AWS_REGION: region,
  }),
  ...(place.probes === undefined ? {} : { probes: place.probes }),
});

function regionOf(place: Place, asked: Asked, configured: string | undefined): string {
  const region = textOf(asked, "region") ?? place.environment["AWS_REGION"] ?? place.environment["AWS_DEFAULT_REGION"] ?? configured;
  if (region !== undefined && /^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return region;
  if (region === undefined)
    throw new Refusal("No AWS region is known, so no account was asked. Set AWS_REGION, pass --region, or write region into nightshift.config.ts.");
  throw new Refusal(`The AWS region "${region}" has not the form of one, such as eu-central-1. Mend AWS_REGION or --region.`);
}

function tablesOf(place: Place, asked: Asked): { readonly ledger: string; readonly audit: string } | undefined {
  const ledger = textOf(asked, "ledger") ?? place.environment["LEDGER_TABLE"];
  const audit = textOf(asked, "audit") ?? place.environment["AUDIT_TABLE"];
  return ledger === undefined || audit === undefined ? undefined : { ledger, audit };
}
