import { momentOf } from "./timestamp.ts";
import { type EpochMs, type Ms, type ServiceName, seconds, serviceName } from "@nightshift/model";
import * as z from "zod/mini";

/** A text that may be empty. */
export const anyText = z.string("a string");
/** A text that says something. */
export const text = anyText.check(z.refine((s) => s !== "", "a string that is not empty"));
/** A text we pass on to people and to the ledger: bounded, because its sender is not AWS. */
export const shortWords = text.check(z.refine((s) => s.length <= 200, "a string of at most 200 characters"));

/** An AWS timestamp with its zone, as a moment. */
export const moment = z.pipe(
  anyText,
  z.transform((s, ctx): EpochMs => {
    const at = momentOf(s);
    if (at !== undefined) return at;
    ctx.issues.push({ code: "custom", message: "a time with its zone, like 2026-11-21T02:00:00Z", input: s });
    return z.NEVER;
  }),
);

/** A whole number of seconds, zero or more, as a length. */
export const wholeSeconds = z.pipe(
  z.number("a number of seconds").check(z.refine((n) => Number.isInteger(n) && n >= 0, "a whole number of seconds, 0 or more")),
  z.transform((n): Ms => seconds(n)),
);

/** A whole number, zero or more. */
export const count = z.number("a number").check(z.refine((n) => Number.isInteger(n) && n >= 0, "a whole number, 0 or more"));

/** The twelve digits of an AWS account. */
export const account = anyText.check(z.refine((s) => /^\d{12}$/.test(s), "the 12 digits of an AWS account"));
/** An AWS region's code. */
export const region = anyText.check(z.refine((s) => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(s), "an AWS region like eu-west-1"));

/**
 * An ARN of one service and kind of resource, in any partition.
 * The form `arn:partition:service:region:account:resource` is from "Identify AWS resources with Amazon Resource Names (ARNs)",
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, read 2026-11-21.
 */
export const arn = (service: string, resource: string) =>
  anyText.check(z.refine((s) => s.length <= 1_600 && arnShape(service, resource).test(s), arnLike(service, resource)));

const arnLike = (service: string, resource: string): string => `an ARN like arn:aws:${service}:eu-west-1:123456789012:${resource}…`;
const arnShape = (service: string, resource: string): RegExp => new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d*:${resource}\\S`);

/** A list whose first entry is one ARN; whatever follows is left alone. */
export const firstArn = (service: string, resource: string) =>
  z.tuple([arn(service, resource)], z.unknown(), `a list that begins with ${arnLike(service, resource)}`);

/** What follows the last slash: the name in most ARNs. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * The cluster and the name of a service, from its ARN. The short form, `service/NAME`, leaves the cluster out: it is then looked up in the config.
 * Both forms: "Migrate an Amazon ECS short service ARN to a long ARN", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-arn-migration.html, read 2026-11-21.
 */
export function serviceOf(serviceArn: string): { readonly cluster: string | undefined; readonly service: ServiceName } {
  const parts = serviceArn.slice(serviceArn.indexOf(":service/") + ":service/".length).split("/");
  return parts.length >= 2
    ? { cluster: parts[0], service: serviceName(parts.slice(1).join("/")) }
    : { cluster: undefined, service: serviceName(parts[0] ?? "") };
}
