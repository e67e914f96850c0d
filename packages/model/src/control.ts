import type { EpochMs } from "./time.ts";

/** What a hold, freeze or lease is about: everything, or one service. */
export type Scope = "all" | (string & {});

/** A person's word that stops every automatic effect in scope until it is released or expires (decision 1). */
export interface Hold {
  readonly scope: Scope;
  readonly by: string;
  readonly because: string;
  readonly at: EpochMs;
  /** Undefined: until released. */
  readonly until: EpochMs | undefined;
}

/** A person's word that nothing shall be deployed in scope until it expires. Rollbacks pass it, and say so (decision 1). */
export interface Freeze {
  readonly scope: Scope;
  readonly by: string;
  readonly because: string;
  readonly at: EpochMs;
  readonly until: EpochMs;
}

/** The right to act on one resource, fenced by a strictly rising epoch (decision 34). */
export interface Lease {
  readonly resource: string;
  readonly holder: string;
  readonly purpose: "rollback" | "scale" | "backup";
  readonly epoch: number;
  readonly until: EpochMs;
}

/** One automatic action already granted, counted against budgets. */
export interface Spent {
  readonly key: string;
  readonly service: string;
  readonly group: string;
  readonly kind: "rollback" | "other";
  readonly at: EpochMs;
  /** How many mutating calls it was granted. */
  readonly mutations: number;
}

/** The one row a product's automatics are governed by: holds, leases and budgets in one place, replaced whole under its version. */
export interface ControlState {
  readonly version: number;
  readonly holds: readonly Hold[];
  /** Absent in rows of the first release: none. */
  readonly freezes?: readonly Freeze[];
  readonly leases: readonly Lease[];
  readonly spent: readonly Spent[];
  /** Services that wanted a rollback lately, for the account breaker. */
  readonly wanted: readonly { readonly service: string; readonly group: string; readonly at: EpochMs }[];
  /** The highest fencing epoch ever granted. */
  readonly epoch: number;
}

/** Before anybody held, leased or spent anything. */
export const emptyControl: ControlState = { version: 0, holds: [], leases: [], spent: [], wanted: [], epoch: 0 };

/** A request to act on one or more services (a group is granted whole or not at all). */
export interface GrantRequest {
  /** The work's key: the same key asking again gets the same grant. */
  readonly holder: string;
  readonly group: string;
  readonly services: readonly string[];
  /** `scale` has budgets of its own in the decision; a rollback takes a scaler's lease over. */
  readonly kind: "rollback" | "scale" | "other";
  readonly mutations: number;
  /** A person approved it: budgets and the breaker do not apply, holds do. */
  readonly approved: boolean;
}

/** Whether the request may go ahead; a refusal says why. */
export type Grant =
  | { readonly kind: "granted"; readonly epoch: number }
  | { readonly kind: "refused"; readonly reason: "held" | "leased" | "budget" | "breaker"; readonly because: string };
