import { type EpochMs, minutes, type Ms } from "@nightshift/model";

/** Whether nothing happens at a service whose next look is so far away. */
export const isCalm = (next: Ms): boolean => next >= minutes(1);

/**
 * Whether a look prints its figures: the minute's own, so that an alarm on them (`stacks/backlog-alarms.ts`) has a point each minute,
 * and of a calm service, whose figures stay as they are, one in five. A calm service's last busy minutes have printed that nothing waits.
 */
export const isTold = (next: Ms, { minute, at }: { readonly minute: boolean; readonly at: EpochMs }): boolean =>
  minute && (!isCalm(next) || Math.floor(at / minutes(1)) % 5 === 0);
