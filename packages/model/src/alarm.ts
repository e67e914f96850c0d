import type { EpochMs } from "./time.ts";

/** The states of a CloudWatch alarm, in CloudWatch's words. */
export type AlarmValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** The last thing CloudWatch told us about one alarm. */
export interface AlarmState {
  readonly name: string;
  readonly value: AlarmValue;
  /** When the alarm changed to this value, by CloudWatch's clock. */
  readonly since: EpochMs;
  readonly reason: string;
}
