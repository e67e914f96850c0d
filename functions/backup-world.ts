import { realConnections } from "@nightshift/aws/connect";
import { type EnvironmentName, readEnvironment } from "@nightshift/aws/environment";
import { ledgerPorts } from "@nightshift/aws/ledger/index";
import { type AwsWorld, awsWorld, reachOf, type VaultPortName } from "@nightshift/aws/world";
import { PortError, type World } from "@nightshift/ports";
import { onFirstUse } from "./world.ts";

/** Variables that every function of backups is given. */
const common = ["AWS_REGION", "STAGE", "LEDGER_TABLE", "AUDIT_TABLE", "WAR_ROOM_FUNCTION_ARN"] as const;

/**
 * Everything that a function of backups can reach: AWS with its ports of backups, and the bucket that holds the dumps. Here and not in
 * `world.ts`, so that no other function ships either.
 */
export function lambdaBackupWorld<N extends EnvironmentName>(needs: readonly N[]): AwsWorld & Pick<World, VaultPortName> {
  const environment = readEnvironment([...common, ...needs]);
  const connections = realConnections({ region: environment.AWS_REGION });
  const { calls } = reachOf({ connections });
  const ledger = ledgerPorts(() => connections.dynamodb(), { ledger: environment.LEDGER_TABLE, audit: environment.AUDIT_TABLE }, calls);
  return { ...awsWorld({ connections, environment, ledger }), ...vaultPorts(environment.BACKUP_BUCKET) };
}

/** The store's clients are loaded when it is first asked; a config that backs nothing up has none. */
function vaultPorts(bucket: string | undefined): Pick<World, VaultPortName> {
  const opened = onFirstUse(async () => {
    const [{ openStore }, { shelfOf }, { pruningOf }] = await Promise.all([
      import("@nightshift/vault/store/open"),
      import("@nightshift/vault/store/shelf"),
      import("@nightshift/vault/store/pruning"),
    ]);
    if (bucket === undefined)
      throw new PortError(
        "invalid",
        "environment",
        "BACKUP_BUCKET",
        "the deployment has no bucket for backups: add databases to nightshift.config.ts and deploy",
      );
    const store = openStore(`s3://${bucket}`);
    return { shelf: shelfOf(store), pruning: pruningOf(store) };
  });
  return {
    shelf: {
      list: async (of) => (await opened()).shelf.list(of),
      report: async (of, run) => (await opened()).shelf.report(of, run),
      clock: async () => (await opened()).shelf.clock(),
    },
    backupPruning: {
      record: async (plan) => (await opened()).pruning.record(plan),
      remove: async (backup, because, at) => (await opened()).pruning.remove(backup, because, at),
      point: async (of, pointers) => (await opened()).pruning.point(of, pointers),
      lock: async (backup, until) => (await opened()).pruning.lock(backup, until),
      clear: async (of, asked) => (await opened()).pruning.clear(of, asked),
    },
  };
}

/** What starting the runner's task needs to be told. */
export const runnerVariables = ["RUNNER_CLUSTER", "RUNNER_TASK_DEFINITIONS"] as const satisfies readonly EnvironmentName[];
