import * as z from "zod/mini";
import { choiceOf, countOf, lengthOf, objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { days, hours, minutes, seconds } from "../units.ts";
import { dependency } from "./dependencies.ts";
import { modes } from "./product.ts";
import { smokeTest } from "./smoke.ts";
import { trigger } from "./triggers.ts";

/** ECS names: up to 255 letters, digits, hyphens and underscores (Amazon ECS API Reference, CreateService, read 2026-11-21). */
const ecsName = /^[A-Za-z0-9_-]{1,255}$/;

/** Windows of the seeds: 0–5 min hot, 5–30 bake, 30–60 long, to 24 h tail, each counted from exposure (facts/rollback.md 5). */
const windows = z.prefault(
  objectOf({
    hot: z._default(lengthOf({ says: "Until then a look every 10 s; any proof acts.", from: minutes(1), to: minutes(15), byTheMinute: true }), minutes(5)),
    bake: z._default(lengthOf({ says: "Until then every trigger acts.", from: minutes(1), to: minutes(60), byTheMinute: true }), minutes(30)),
    long: z._default(
      lengthOf({
        says: "Until then only strong proof acts; then the watch ends and the revision is good.",
        from: minutes(1),
        to: minutes(60),
        byTheMinute: true,
      }),
      minutes(60),
    ),
    tail: z._default(
      lengthOf({ says: "Until then an alarm still brings a suggestion, never an action.", from: minutes(1), to: days(7), byTheMinute: true }),
      hours(24),
    ),
  }),
  {},
);

const traffic = objectOf({
  loadBalancer: textOf({
    says: "ARN or `app/NAME/ID` of the application load balancer.",
    pattern: /^(arn:aws[a-z-]*:elasticloadbalancing:[^:]+:\d{12}:loadbalancer\/)?app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
    expected: "an application load balancer: its ARN, or app/NAME/ID",
    remedy: "`aws elbv2 describe-load-balancers --query 'LoadBalancers[].LoadBalancerArn'` prints it; network load balancers count no HTTP errors",
  }),
  targetGroup: textOf({
    says: "ARN or `targetgroup/NAME/ID` of the service's target group.",
    pattern: /^(arn:aws[a-z-]*:elasticloadbalancing:[^:]+:\d{12}:)?targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
    expected: "a target group: its ARN, or targetgroup/NAME/ID",
    remedy: "`aws ecs describe-services --cluster C --services S --query 'services[].loadBalancers[].targetGroupArn'` prints it",
  }),
  requestsPerMinute: z.optional(
    countOf({
      says: "Usual traffic; only used to tell you when a trigger could never fire, or always would.",
      from: 1,
      to: 100_000_000,
      unit: "requests a minute",
    }),
  ),
});

/** One service on ECS. */
export const ecsService = objectOf({
  kind: z.literal("ecs"),
  cluster: textOf({
    says: "Name or ARN of the cluster.",
    pattern: /^(arn:aws[a-z-]*:ecs:[^:]+:\d{12}:cluster\/)?[A-Za-z0-9_-]{1,255}$/,
    expected: "the name or ARN of an ECS cluster",
    remedy: "`aws ecs list-clusters` prints them",
  }),
  group: z.optional(
    textOf({
      says: "Services of one group roll back together; alone when absent.",
      pattern: ecsName,
      expected: "a name: letters, digits, hyphens, underscores",
      remedy: "give api and worker of one product the same group",
    }),
  ),
  mode: z.optional(choiceOf("How much Nightshift may do by itself with this service; the product's mode when absent.", modes)),
  triggers: z.optional(z.array(trigger)),
  smoke: z._default(z.array(smokeTest), []),
  windows,
  schema: z.prefault(
    objectOf({
      unknown: z._default(
        choiceOf("A revision that does not say which schema it needs: go back unless a migration came since, or always ask.", [
          "allow-without-migration",
          "hold",
        ]),
        "allow-without-migration",
      ),
    }),
    {},
  ),
  dependencies: z._default(z.array(dependency), []),
  dependsOn: z._default(
    z.array(
      textOf({
        says: "A service that this one cannot work without: while that one is down, this one's alarms belong to its incident.",
        pattern: ecsName,
        expected: "the name of another service",
        remedy: "write a name that stands under services",
      }),
    ),
    [],
  ),
  traffic: z.optional(traffic),
  knownBad: z._default(choiceOf("A revision that was rolled back is deployed again: say so, or stop it.", ["warn", "block"]), "warn"),
  nativeGrace: z._default(
    lengthOf({ says: "How long ECS gets to begin a rollback of its own before Nightshift does.", from: seconds(0), to: minutes(5) }),
    seconds(30),
  ),
  // One execution lasts 180 min: 60 of watching, 60 of waiting for an answer, and the rest for the rollback and its proof.
  askFor: z._default(
    lengthOf({
      says: "How long a person has to answer a question; at most an hour, so that time is left to act and to prove it.",
      from: minutes(1),
      to: minutes(60),
    }),
    minutes(5),
  ),
});

/** A service as a config writes it; made by `ecs({...})`. */
export type EcsInput = z.input<typeof ecsService>;
/** The same with every default filled in. */
export type EcsParsed = z.output<typeof ecsService>;

export const services = section({
  title: "Services",
  says: "What is guarded, by ECS service name.",
  schema: z.record(
    textOf({
      says: "The ECS service's name.",
      pattern: ecsName,
      expected: "the ECS service's name: letters, digits, hyphens, underscores",
      remedy: "write it exactly as `aws ecs list-services` does",
    }),
    z.discriminatedUnion("kind", [ecsService]),
  ),
});
