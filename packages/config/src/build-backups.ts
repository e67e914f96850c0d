import type { BucketInput, DynamodbInput, ElasticacheInput } from "./sections/backups.ts";
import type { PostgresInput } from "./sections/databases.ts";

/** A PostgreSQL database that is dumped, restored, compared and kept by rule. */
export const postgres = (database: Omit<PostgresInput, "kind">): PostgresInput => ({ kind: "postgres", ...database });
/** A DynamoDB table. */
export const dynamodb = (table: Omit<DynamodbInput, "kind">): DynamodbInput => ({ kind: "dynamodb", ...table });
/** An ElastiCache replication group or serverless cache. */
export const elasticache = (cache: Omit<ElasticacheInput, "kind">): ElasticacheInput => ({ kind: "elasticache", ...cache });
/** A bucket of media. */
export const bucket = (media: Omit<BucketInput, "kind">): BucketInput => ({ kind: "s3", ...media });
