import { createHash } from "node:crypto";
import { loadBalancerDimensionOf, targetGroupDimension } from "../services/elbv2/loadBalancing.ts";

/** The bytes of a repository's Nth release (1 is the oldest of `past`, or what runs first): the same in every world, so that scenarios can name them beforehand. */
export const releaseDigest = (repository: string, release: number): string => `sha256:${createHash("sha256").update(`${repository} ${release}`).digest("hex")}`;

/** Target groups are called `PRODUCT-SERVICE`, within the 32 characters AWS allows. */
export const targetGroupName = (product: string, service: string): string => `${product}-${service}`.slice(0, 32);

/** CloudWatch's dimensions of a service behind its product's load balancer, for configs written before the world is. */
export const trafficOf = (product: string, service: string): { readonly loadBalancer: string; readonly targetGroup: string } => ({
  loadBalancer: loadBalancerDimensionOf(product),
  targetGroup: targetGroupDimension(targetGroupName(product, service)),
});
