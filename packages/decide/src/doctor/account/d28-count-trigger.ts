import { type AccountCheck, pairs, targetGroupsOf } from "../check.ts";

/** One honest error in a thousand requests (facts/rollback.md 3 #14). */
const HONEST = 0.001;

/** A count of errors judged against the traffic that was measured (hazard 14). */
export const countTrigger: AccountCheck = {
  id: "D28",
  title: "Error counts fit the traffic",
  look: (patient) =>
    pairs(patient).flatMap(({ service, settings }) => {
      const measured = targetGroupsOf(patient, service).flatMap((group) => group.requestsPerMinute ?? []);
      const rpm = measured.reduce((sum, each) => sum + each, 0);
      if (rpm <= 0) return [];
      return settings.triggers.flatMap((trigger) => {
        if (trigger.kind !== "errors-per-minute") return [];
        const share = (100 * (trigger.moreThan + 1)) / rpm;
        const always = rpm * HONEST >= trigger.moreThan / 2;
        if (share <= 5 && !always) return [];
        return [
          {
            severity: "warning" as const,
            about: service.name,
            says:
              share > 5
                ? `more than ${trigger.moreThan} errors a minute at ${Math.round(rpm)} requests a minute needs ${share > 100 ? "more errors than there are requests" : `${share.toFixed(1)} % errors`}: most bad deployments pass`
                : `more than ${trigger.moreThan} errors a minute at ${Math.round(rpm)} requests a minute: 0.1 % of honest errors already make ${Math.round(rpm * HONEST)}`,
            remedy: "nightshift.config.ts: errorRate({ above: percent(5), for: minutes(2) }) instead of errorsPerMinute({ … })",
          },
        ];
      });
    }),
};
