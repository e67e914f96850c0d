import type { EventPattern, Manifest } from "@nightshift/model";
import { type Ms, ms } from "@nightshift/model";
import { copyOf } from "../boundary/copy.ts";
import { seededUuid } from "../time/chance.ts";
import type { Kernel } from "../kernel.ts";
import { matches } from "./pattern.ts";

/** An event as targets receive it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** Whole seconds, as EventBridge writes it. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** A rule: an event that matches goes to the target. */
export interface Rule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly target: (event: BusEvent) => void;
}

/** What may happen to one delivery. `lost` reaches nobody; `copies` are the delays of each arrival. */
export type Delivery = { readonly kind: "lost" } | { readonly kind: "copies"; readonly after: readonly Ms[] };

/** Decides what happens to an event on its way to one rule's target. */
export type DeliveryPlan = (event: BusEvent, random: () => number) => Delivery;

/** Each event once, after 200 to 700 ms: the lab's own choice of a plausible delay. */
export const promptDelivery: DeliveryPlan = (_event, random) => ({ kind: "copies", after: [ms(200 + Math.floor(random() * 500))] });

/**
 * Sources that AWS delivers at best effort: only these may lose events. Everything else is durable.
 * Source: "Events from AWS services", https://docs.aws.amazon.com/eventbridge/latest/ref/events.html (2026-11-21; see facts/reliability.md 3.2);
 * of RDS: "Amazon RDS events", https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-rds.html (2026-11-21).
 */
export const bestEffortSources: ReadonlySet<string> = new Set(["aws.codedeploy", "aws.backup", "aws.rds"]);

/** How rough the way is: shares from 0 to 1. */
export interface Roughness {
  readonly duplicate: number;
  readonly drop: number;
  /** Each arrival is late by up to this, so that events overtake each other. */
  readonly delayUpTo: Ms;
}

/** Duplicates, delays and so reorders; drops events of best-effort sources only. */
export const roughDelivery =
  (rough: Roughness): DeliveryPlan =>
  (event, random) => {
    if (bestEffortSources.has(event.source) && random() < rough.drop) return { kind: "lost" };
    const arrival = (): Ms => ms(200 + Math.floor(random() * Math.max(500, rough.delayUpTo)));
    return { kind: "copies", after: random() < rough.duplicate ? [arrival(), arrival()] : [arrival()] };
  };

/** The default bus: matches rules and delivers to their targets, at least once. */
export class Bus {
  readonly #kernel: Kernel;
  readonly #random: () => number;
  readonly #rules: Rule[] = [];
  readonly #plan: DeliveryPlan;
  readonly #seen: BusEvent[] = [];

  constructor(kernel: Kernel, plan: DeliveryPlan = promptDelivery) {
    this.#kernel = kernel;
    this.#random = kernel.random("bus");
    this.#plan = plan;
  }

  /** Every event published, oldest first, whether or not a rule matched. */
  get events(): readonly BusEvent[] {
    return this.#seen;
  }

  rule(rule: Rule): void {
    this.#rules.push(rule);
  }

  /** One rule per pattern of each manifest, as the stacks make them, all to one target (decision 15). */
  rules(manifests: readonly Manifest[], target: (event: BusEvent) => void): void {
    for (const manifest of manifests)
      manifest.events.forEach((pattern, i) => {
        this.rule({ name: `${manifest.name}-${i}`, pattern, target });
      });
  }

  /** Publishes an event, with the present moment as its time. */
  publish(event: { readonly source: string; readonly detailType: string; readonly resources: readonly string[]; readonly detail: unknown }): BusEvent {
    const { accountId, region, clock } = this.#kernel;
    const whole: BusEvent = {
      version: "0",
      id: seededUuid(this.#random),
      "detail-type": event.detailType,
      source: event.source,
      account: accountId,
      time: new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, "Z"),
      region,
      resources: [...event.resources],
      detail: structuredClone(event.detail),
    };
    this.deliver(whole);
    return whole;
  }

  /** Delivers an event as it stands: recorded ones, or one more time. */
  deliver(event: BusEvent): void {
    this.#seen.push(event);
    this.#kernel.record({
      kind: "world",
      what: "event",
      about: event["detail-type"],
      detail: { id: event.id, source: event.source, resources: event.resources },
    });
    for (const rule of this.#rules) {
      if (!matches(rule.pattern, event)) continue;
      const delivery = this.#plan(event, this.#random);
      if (delivery.kind === "lost") {
        this.#kernel.record({ kind: "world", what: "event-lost", about: event["detail-type"], detail: { id: event.id, rule: rule.name } });
        continue;
      }
      for (const after of delivery.after) this.#kernel.clock.in(after, () => rule.target(copyOf(event)));
    }
  }
}
