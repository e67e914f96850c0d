/**
 * One statement that a port's method needs. `method` says which, `calls` which commands are sent under it; what is
 * not a command (a role that is passed on, a tag that goes along) has none.
 */
export interface AwsGrant {
  readonly method: string;
  readonly calls: readonly string[];
  readonly actions: readonly string[];
  /** ARNs with `${…}` for the deployment's own names; `*` where IAM or AWS demands it, then `why` says so. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly why?: string;
}

/** Why an action's resource is `*`. */
export const unbound = "IAM binds this action to no resource";

/** A call of the same name as its action. */
export const call = (method: string, action: string, resources: readonly string[]): AwsGrant => ({
  method,
  calls: [action.slice(action.indexOf(":") + 1)],
  actions: [action],
  resources,
});
/** The same on `*`, with the reason. */
export const everywhere = (method: string, action: string, why: string): AwsGrant => ({ ...call(method, action, ["*"]), why });
