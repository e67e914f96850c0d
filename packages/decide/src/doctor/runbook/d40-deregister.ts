import { perLine } from "./check.ts";

export const deregister = perLine({
  id: "D40",
  title: "Earlier task definitions stay registered",
  severity: "warning",
  when: (text) => /\bderegister-task-definition\b|\bdelete-task-definitions\b/.test(text),
  says: "deregisters a task definition: it cannot be deployed again as it is",
  remedy: "keep the newest five ACTIVE; they cost nothing",
});
