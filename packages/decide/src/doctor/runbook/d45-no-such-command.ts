import { perLine } from "./check.ts";

/** The command line calls CodeDeploy `deploy` (AWS CLI Command Reference, "deploy", read 2026-11-21). */
export const noSuchCommand = perLine({
  id: "D45",
  title: "Commands exist",
  severity: "danger",
  when: (text) => /\baws\s+codedeploy\b/.test(text),
  says: "there is no command `aws codedeploy`: this step fails when it is needed",
  remedy: "aws deploy …   # the same arguments",
});
