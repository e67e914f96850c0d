import type { Evidence, Rollbacks } from "./acting.ts";
import type {
  BackupBook,
  BackupPruning,
  BackupShelf,
  CacheBackups,
  ConfigurationCopies,
  Databases,
  MediaBuckets,
  RecoveryGauges,
  RestoreTests,
  Restores,
  Runners,
  SnapshotPruning,
  SnapshotTaking,
  TableBackups,
} from "./backups.ts";
import type {
  Charts,
  Chat,
  ChatFiles,
  DeadLetters,
  Deliveries,
  Directory,
  Nonces,
  Outbox,
  Pages,
  Replies,
  RoomChannels,
  SendBudgets,
  Starter,
} from "./chat.ts";
import type { Groups, Heartbeats, IncidentAlarms, Incidents, OnCall, Plans, Silences, Wakes } from "./incidents.ts";
import type { Approvals, Audit, Claims, Control, Revisions, SignalsPort, Tuples, Watches } from "./ledger.ts";
import type { Fleets, Gauges, Queues, Scaling, ScalingBook, Ticks, Workers } from "./scaling.ts";
import type { Alarms, Clock, Images, Logs, Metrics, Probes, Services, Targets, TaskDefinitions } from "./reading.ts";

export * from "./acting.ts";
export * from "./backups.ts";
export * from "./chat.ts";
export * from "./errors.ts";
export * from "./incidents.ts";
export * from "./ledger.ts";
export * from "./reading.ts";
export * from "./runs.ts";
export * from "./scaling.ts";

/** Everything outside this process that Nightshift may touch, by the name an automation lists in `uses`. */
export interface World {
  readonly clock: Clock;
  // read production
  readonly services: Services;
  readonly taskDefinitions: TaskDefinitions;
  readonly targets: Targets;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly logs: Logs;
  readonly images: Images;
  readonly probes: Probes;
  readonly queues: Queues;
  readonly fleets: Fleets;
  readonly databases: Databases;
  readonly shelf: BackupShelf;
  // change production
  readonly rollbacks: Rollbacks;
  readonly scaling: Scaling;
  readonly workers: Workers;
  readonly runners: Runners;
  readonly snapshotTaking: SnapshotTaking;
  readonly snapshotPruning: SnapshotPruning;
  readonly restores: Restores;
  readonly tableBackups: TableBackups;
  readonly cacheBackups: CacheBackups;
  readonly media: MediaBuckets;
  readonly configurationCopies: ConfigurationCopies;
  readonly restoreTests: RestoreTests;
  readonly backupPruning: BackupPruning;
  // our own state
  readonly backupBook: BackupBook;
  readonly evidence: Evidence;
  readonly control: Control;
  readonly revisions: Revisions;
  readonly tuples: Tuples;
  readonly watches: Watches;
  readonly signals: SignalsPort;
  readonly audit: Audit;
  readonly incidents: Incidents;
  readonly incidentAlarms: IncidentAlarms;
  readonly groups: Groups;
  readonly wakes: Wakes;
  readonly silences: Silences;
  readonly onCall: OnCall;
  readonly plans: Plans;
  readonly approvals: Approvals;
  readonly claims: Claims;
  readonly nonces: Nonces;
  readonly heartbeats: Heartbeats;
  readonly scalingBook: ScalingBook;
  // telling
  readonly charts: Charts;
  readonly chat: Chat;
  readonly rooms: RoomChannels;
  readonly files: ChatFiles;
  readonly directory: Directory;
  readonly replies: Replies;
  readonly pages: Pages;
  readonly deliveries: Deliveries;
  readonly budgets: SendBudgets;
  readonly outbox: Outbox;
  readonly starter: Starter;
  readonly ticks: Ticks;
  readonly gauges: Gauges;
  readonly recoveryGauges: RecoveryGauges;
  readonly deadLetters: DeadLetters;
}

/** What an automation may list in `uses`. */
export type PortName = keyof World;
