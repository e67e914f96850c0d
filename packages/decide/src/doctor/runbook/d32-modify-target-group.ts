import { perLine } from "./check.ts";

/** ModifyTargetGroup edits health checks only (Elastic Load Balancing API Reference, ModifyTargetGroup, read 2026-11-21). */
export const modifyTargetGroup = perLine({
  id: "D32",
  title: "Traffic is moved by a call that moves traffic",
  severity: "danger",
  when: (text) => /\bmodify-target-group\b(?!-attributes)/.test(text) && !/--health-check|--healthy-threshold|--unhealthy-threshold|--matcher/.test(text),
  says: "modify-target-group edits health checks: it moves no traffic",
  remedy:
    "aws elbv2 modify-listener --listener-arn <listener> --default-actions Type=forward,TargetGroupArn=<the good group>   # or modify-rule, where a rule forwards",
});
