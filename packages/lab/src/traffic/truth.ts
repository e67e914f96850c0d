import type { EpochMs } from "@nightshift/model";

/** What users (or jobs) of one service met in one minute. */
export interface TruthMinute {
  readonly at: EpochMs;
  readonly service: string;
  requests: number;
  errors: number;
  /** By the digest that answered; `none` when nothing did. */
  readonly byDigest: Record<string, { requests: number; errors: number }>;
}

/** What really happened, for checkers: never visible through an AWS call. */
export class Truth {
  private readonly log: TruthMinute[] = [];
  private readonly open = new Map<string, TruthMinute>();

  add(service: string, minute: EpochMs, served: { readonly digest: string; readonly requests: number; readonly errors: number }): void {
    let row = this.open.get(service);
    if (row === undefined || row.at !== minute) {
      row = { at: minute, service, requests: 0, errors: 0, byDigest: {} };
      this.open.set(service, row);
      this.log.push(row);
    }
    row.requests += served.requests;
    row.errors += served.errors;
    const part = row.byDigest[served.digest] ?? { requests: 0, errors: 0 };
    row.byDigest[served.digest] = part;
    part.requests += served.requests;
    part.errors += served.errors;
  }

  /** Every minute so far, oldest first; the last one may still grow. */
  minutes(service?: string): readonly TruthMinute[] {
    return service === undefined ? this.log : this.log.filter((row) => row.service === service);
  }

  /** Errors users met, of one service or of all. */
  errors(service?: string): number {
    return this.minutes(service).reduce((sum, row) => sum + row.errors, 0);
  }
}
