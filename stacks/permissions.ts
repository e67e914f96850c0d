/// <reference path="../.sst/platform/config.d.ts" />
import type { Manifest } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { named } from "./names.ts";
import { statementsOf } from "./policy.ts";

type Value = $util.Input<string>;

/** What stands for the `${…}` of a statement: names and ARNs of this deployment, and the services of the config. */
export interface Places {
  readonly partition: Value;
  readonly region: Value;
  readonly account: Value;
  readonly ledger: Value;
  readonly ledgerStream: Value;
  readonly audit: Value;
  readonly evidence: Value;
  readonly events: Value;
  readonly outbox: Value;
  readonly commands: Value;
  readonly deadLetters: Value;
  /** One topic a severity. */
  readonly pages: readonly Value[];
  /** `CLUSTER/SERVICE` of every service that is scaled, and their clusters. */
  readonly workerService: readonly Value[];
  readonly workerCluster: readonly Value[];
  /** Parameters that hold the addresses of brokers. */
  readonly brokerSecret: readonly Value[];
  /** SQS queues that workers take from. */
  readonly workQueue: readonly Value[];
  /** What Lambda may make network interfaces of: everything of EC2 in this account, or nothing where no function stands in a VPC. */
  readonly vpc: readonly Value[];
  readonly slackToken: Value;
  readonly slackSigning: Value;
  /** What backups read, make and delete; empty lists where nothing is backed up. */
  readonly backedUp: BackedUp;
  /** The services of nightshift.config.ts: a resource that names `${cluster}` or `${service}` becomes one ARN for each. */
  readonly services: readonly { readonly cluster: string; readonly service: string }[];
  /** The roles that these services' task definitions run with; what may be passed on to ECS. */
  readonly taskRoles: $util.Input<readonly string[]>;
}

/** Names that the grants of backups are filled with (packages/aws/src/backup-grants.ts says what each is). */
export interface BackedUp {
  readonly backups: readonly Value[];
  /** The same bucket in the words of packages/vault/src/grants.ts; backups lie at its root, and S3's own key encrypts it. */
  readonly vault: readonly Value[];
  readonly prefix: readonly [""];
  readonly vaultKey: readonly [];
  readonly database: readonly Value[];
  readonly copyRegion: readonly Value[];
  readonly databaseKey: readonly Value[];
  readonly restoreSubnetGroup: readonly Value[];
  readonly table: readonly Value[];
  readonly cache: readonly Value[];
  readonly media: readonly Value[];
  readonly mediaReplica: readonly Value[];
  readonly parameterPath: readonly Value[];
  readonly runnerCluster: readonly Value[];
  readonly runnerTask: readonly Value[];
  readonly runnerRole: readonly Value[];
  readonly restoreTask: readonly Value[];
  readonly restoreRole: readonly Value[];
}

/** Durable functions that a function may start and wake. A night, snapshot, drill or restore goes on by itself, and opens an incident's war room. */
const startedBy = ({ name, kind, uses }: Manifest): readonly string[] =>
  kind === "durable" && uses.includes("backupBook") ? [name, "war-room"] : manifests.filter((one) => one.kind === "durable").map((one) => one.name);

/** The statements of one function as SST takes them, with this deployment's names in place. */
export function permissionsOf(manifest: Manifest, places: Places) {
  return $util.output(places).apply((filled) => {
    const known: Readonly<Record<string, readonly string[]>> = {
      ...lists(filled),
      ...listed(filled.backedUp),
      self: [named(manifest.name)],
      scaler: [named("scaler")],
      durable: startedBy(manifest).map(named),
    };
    const statements = statementsOf(manifest).map(({ effect, actions, resources, conditions }) => ({
      effect,
      actions: [...actions],
      resources: [...new Set(resources.flatMap((resource) => fill(resource, known, filled.services)))],
      conditions: conditions.map(({ test, variable, values }) => ({
        test,
        variable,
        values: [...new Set(values.flatMap((value) => fill(value, known, filled.services)))],
      })),
    }));
    // A product without task roles passes none on, and one without workers scales none.
    return statements.filter(({ resources, conditions }) => resources.length > 0 && conditions.every(({ values }) => values.length > 0));
  });
}

const lists = ({
  services,
  backedUp,
  taskRoles,
  ...others
}: { readonly services: unknown; readonly backedUp: unknown; readonly taskRoles: readonly string[] } & Readonly<Record<string, unknown>>): Readonly<
  Record<string, readonly string[]>
> => ({ ...listed(others), taskRole: taskRoles });

const listed = (values: object): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : [String(value)]]));

const slot = /\$\{(\w+)\}/;

/** One string for each way to fill its slots: three services make three ARNs. */
function fill(text: string, known: Readonly<Record<string, readonly string[]>>, services: Places["services"]): readonly string[] {
  if (/\$\{(cluster|service)\}/.test(text)) {
    const each = services.map(({ cluster, service }) => text.replaceAll("${cluster}", cluster).replaceAll("${service}", service));
    return each.flatMap((one) => fill(one, known, services));
  }
  const name = slot.exec(text)?.[1];
  if (name === undefined) return [text];
  const values = known[name];
  if (values === undefined)
    throw new Error(`a grant names \${${name}}, which stacks/permissions.ts does not know; it knows ${Object.keys(known).join(", ")}, cluster, service`);
  return values.flatMap((value) =>
    fill(
      text.replace(slot, () => value),
      known,
      services,
    ),
  );
}
