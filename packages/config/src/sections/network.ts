import * as z from "zod/mini";
import { objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";

/** A security group by its id. */
export const securityGroup = (says: string, remedy: string) =>
  textOf({ says, pattern: /^sg-[0-9a-f]{8,17}$/, expected: "a security group's id such as sg-0123456789abcdef0", remedy });

export const network = section({
  title: "Network",
  says: "Where functions and tasks that reach brokers and databases are put. Absent: outside of any VPC, from where a broker inside one cannot be reached.",
  schema: z.optional(
    objectOf({
      subnets: z.array(
        textOf({
          says: "Private subnet with a way to AWS's own endpoints (NAT or VPC endpoints).",
          pattern: /^subnet-[0-9a-f]{8,17}$/,
          expected: "a subnet's id such as subnet-0123456789abcdef0",
          remedy: "`aws ec2 describe-subnets` prints them; take private ones that can reach the broker",
        }),
      ),
      securityGroups: z.array(
        securityGroup(
          "Security group that brokers and databases let in.",
          "`aws ec2 describe-security-groups` prints them; the broker's own group must let this one in on its port",
        ),
      ),
    }),
  ),
});
