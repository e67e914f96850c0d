/** The last part of an ARN or path: a cluster's or task's bare name. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** Whether two names of one cluster, each a bare name or an ARN, mean the same. */
export const sameCluster = (a: string, b: string): boolean => lastPart(a) === lastPart(b);
