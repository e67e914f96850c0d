import { hours, minutes, type Ms } from "@nightshift/model";

/** One promise as a product's document words it. */
export interface Promised {
  readonly kind: "RPO" | "RTO";
  /** What happened. */
  readonly when: Calamity;
  readonly asked: Ms | undefined;
  readonly says: string;
  readonly remark?: string;
}
/** What the promises are about. */
export type Calamity = "the database is damaged" | "the server is lost" | "the region is lost" | "everything is lost";

/** A product of the seeds, as far as its document says what is kept and promised. */
export interface ProductFacts {
  readonly name: string;
  /** The document, under `seeds/`. */
  readonly document: string;
  readonly holds: "postgres" | "dynamodb";
  readonly bytes: number;
  /** Where the size comes from. */
  readonly sizeSays: string;
  /** What the document really sets up; a way that is not here is not one. */
  readonly keeps: {
    readonly nightlyDump: boolean;
    /** Point in time, within one region. */
    readonly pointInTime: boolean;
    /** Copies of the database, or of its snapshots, in a second region. */
    readonly secondRegion: boolean;
    readonly standby: boolean;
  };
  readonly promised: readonly Promised[];
}

/** What the five documents say; `says` names the section. Nothing here is Nightshift's wish. */
export const productFacts: readonly ProductFacts[] = [
  {
    name: "leather-api",
    document: "leather-api.md",
    holds: "postgres",
    bytes: 20e9,
    sizeSays: "the document names no size; 20 GB are assumed for its db.t3.medium",
    keeps: { nightlyDump: true, pointInTime: false, secondRegion: false, standby: false },
    promised: [
      { kind: "RTO", when: "the database is damaged", asked: minutes(15), says: "Recovery Time Objective: database restore 15 minutes" },
      { kind: "RTO", when: "the server is lost", asked: minutes(30), says: "Recovery Time Objective: full system 30 minutes" },
      { kind: "RPO", when: "the database is damaged", asked: hours(24), says: "Recovery Point Objective: at most 24 hours, a daily backup" },
      {
        kind: "RPO",
        when: "the database is damaged",
        asked: hours(1),
        says: "Recovery Point Objective: typically below 1 hour, by transaction logs",
        remark: "its script keeps no transaction logs; a retention of a day or more on the instance would",
      },
      {
        kind: "RTO",
        when: "the region is lost",
        asked: hours(2),
        says: "Disaster Recovery 3: region failure 2 hours",
        remark: "its backups lie in one bucket of that region; they need a copy in the other one",
      },
      { kind: "RTO", when: "everything is lost", asked: hours(4), says: "Disaster Recovery 4: complete data loss 4 hours" },
    ],
  },
  {
    name: "styling-adventures",
    document: "styling-adventures.md",
    holds: "dynamodb",
    bytes: 10e9,
    sizeSays: "the document names no size; 10 GB are assumed, and AWS says that size hardly matters here",
    keeps: { nightlyDump: false, pointInTime: true, secondRegion: false, standby: false },
    promised: [
      { kind: "RTO", when: "the database is damaged", asked: hours(1), says: "Backup Strategy: RTO 1 hour" },
      { kind: "RPO", when: "the database is damaged", asked: hours(1), says: "Backup Strategy: RPO 1 hour" },
      {
        kind: "RPO",
        when: "the region is lost",
        asked: hours(1),
        says: "Backup Strategy: location us-east-1 and us-west-2",
        remark: "it turns point-in-time recovery on, which stays in one region: the table needs a replica in us-west-2 (tables.copyIn)",
      },
    ],
  },
  {
    name: "accunode",
    document: "accunode.md",
    holds: "postgres",
    bytes: 100e9,
    sizeSays: "the document names no size; 100 GB are assumed for its db.r5.xlarge, which grows by half in a year",
    keeps: { nightlyDump: false, pointInTime: true, secondRegion: true, standby: true },
    promised: [
      { kind: "RTO", when: "the database is damaged", asked: undefined, says: "Backup Strategy: monthly restore to a test environment, without a target" },
      { kind: "RPO", when: "the database is damaged", asked: undefined, says: "Backup Strategy: point in time, 7 days, without a target" },
      {
        kind: "RPO",
        when: "the region is lost",
        asked: undefined,
        says: "Manual Snapshots: copied to us-west-2",
        remark: "only snapshots before major deployments are copied, so that the newest copy is as old as the last deployment; a nightly copy makes it a day",
      },
    ],
  },
  {
    name: "customify-core-api",
    document: "customify-core-api.md",
    holds: "postgres",
    bytes: 100e9,
    sizeSays: "its volume has 100 GB: the database has at most that",
    keeps: { nightlyDump: false, pointInTime: true, secondRegion: false, standby: true },
    promised: [
      { kind: "RTO", when: "the server is lost", asked: hours(1), says: "Disaster Recovery Plan: RTO 1 hour" },
      { kind: "RTO", when: "the database is damaged", asked: hours(1), says: "Disaster Recovery Plan: RTO 1 hour" },
      {
        kind: "RPO",
        when: "the database is damaged",
        asked: minutes(5),
        says: "Disaster Recovery Plan: RPO 5 minutes",
        remark: "five minutes are the interval itself in which logs are stored, so that it is missed again and again: report p50, p99 and the worst",
      },
      {
        kind: "RTO",
        when: "the region is lost",
        asked: hours(1),
        says: "Disaster Recovery Plan: DNS and application go to the backup region",
        remark: "only its bucket is replicated: no copy of the database lies in the backup region",
      },
      {
        kind: "RPO",
        when: "the region is lost",
        asked: minutes(5),
        says: "Disaster Recovery Plan: RPO 5 minutes",
        remark:
          "no copy of the database lies in the backup region; nightly copies make it a day, replicated automated backups about as long as in the first one",
      },
    ],
  },
  {
    name: "sports-nutrition-api",
    document: "sports-nutrition-api.md",
    holds: "postgres",
    bytes: 500e9,
    sizeSays: "its table of resources names 500 GB for 100,000 daily users (100 GB for 10,000)",
    keeps: { nightlyDump: false, pointInTime: true, secondRegion: false, standby: true },
    promised: [
      {
        kind: "RTO",
        when: "the server is lost",
        asked: minutes(1),
        says: "PostgreSQL: standby replica, failover RTO below 1 minute",
        remark: "and its own command makes the instance without --multi-az: then there is no standby at all",
      },
      { kind: "RTO", when: "the database is damaged", asked: undefined, says: "PostgreSQL: point-in-time recovery, without a target" },
      { kind: "RPO", when: "the database is damaged", asked: undefined, says: "PostgreSQL: daily backups and point in time, without a target" },
    ],
  },
];
