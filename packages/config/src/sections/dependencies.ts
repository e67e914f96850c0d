import * as z from "zod/mini";
import { numberOf, objectOf, textOf } from "../kinds.ts";

const word = (says: string, example: string) => textOf({ says, pattern: /\S/, expected: "a text", remedy: `write for example "${example}"` });

/** A CloudWatch series whose move before the breach points away from the deployment. */
export const dependency = objectOf({
  name: word("How messages call it.", "RDS shop-prod"),
  namespace: word("CloudWatch namespace.", "AWS/RDS"),
  metric: word("CloudWatch metric.", "CPUUtilization"),
  dimensions: z.record(word("Dimension name.", "DBInstanceIdentifier"), word("Dimension value.", "shop-prod")),
  statistic: textOf({
    says: "CloudWatch statistic.",
    pattern: /^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/,
    expected: "Average, Sum, Minimum, Maximum, SampleCount or p95",
    remedy: 'write "Average"',
  }),
  bad: z.union([objectOf({ above: numberOf("In trouble above this.") }), objectOf({ below: numberOf("In trouble below this.") })]),
});

/** A dependency as a config writes it. */
export type DependencyInput = z.input<typeof dependency>;
