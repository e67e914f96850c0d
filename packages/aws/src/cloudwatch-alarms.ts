import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type AlarmState, epochMs } from "@nightshift/model";
import { type Alarms, PortError } from "@nightshift/ports";
import type { Call } from "./calls.ts";
import { allPages, inGroups } from "./pages.ts";
import type { Reach } from "./reach.ts";

// Source: "DescribeAlarms", https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, 2026-11-21.
const namesPerCall = 100;
const pages = 3;

/** Alarm states, in the order asked. A name that CloudWatch does not know is left out: this API says so by silence. */
export const alarmsFrom = (reach: Reach): Alarms => ({
  async describe(names) {
    const found = new Map<string, AlarmState>();
    for (const group of inGroups([...new Set(names)], namesPerCall)) {
      for (const alarm of await describe(reach, group)) found.set(alarm.name, alarm);
    }
    return names.map((name) => found.get(name)).filter((alarm) => alarm !== undefined);
  },
});

async function describe({ connections, calls }: Reach, names: readonly string[]): Promise<readonly AlarmState[]> {
  const call: Call = { operation: "cloudwatch:DescribeAlarms", on: names.join(", ") };
  return allPages(call, pages, async (NextToken) => {
    const answer = await calls.read(call, async () =>
      (await connections.cloudwatch()).send(
        new DescribeAlarmsCommand({
          // Both types are named because composite alarms are left out otherwise.
          AlarmNames: [...names],
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: namesPerCall,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      ),
    );
    return { items: [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map((alarm) => stateOf(call, alarm)), next: answer.NextToken };
  });
}

interface Described {
  readonly AlarmName?: string | undefined;
  readonly StateValue?: AlarmState["value"] | undefined;
  readonly StateReason?: string | undefined;
  readonly StateTransitionedTimestamp?: Date | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
}

/** The transition's moment, not the update's: the latter also moves when only the reason changes. */
function stateOf(call: Call, alarm: Described): AlarmState {
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  if (alarm.AlarmName === undefined || alarm.StateValue === undefined || since === undefined) {
    throw new PortError("unavailable", call.operation, alarm.AlarmName ?? call.on, "the answer has an alarm without name, state or moment");
  }
  return { name: alarm.AlarmName, value: alarm.StateValue, since: epochMs(since.getTime()), reason: alarm.StateReason ?? "" };
}
