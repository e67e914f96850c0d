import { type AccountCheck, couldNotRead, rolling } from "../check.ts";

/** Without a revision to go back to the guard can only ask a person. */
export const noPrevious: AccountCheck = {
  id: "D10",
  title: "There is something to go back to",
  look: (patient) =>
    rolling(patient)
      .filter(
        ({ service }) =>
          service.previous === undefined &&
          !couldNotRead(patient, "known good images") &&
          !patient.facts.knownGood.some((it) => it.service === service.name && it.taskDefinition !== service.taskDefinition),
      )
      .map(({ service }) => ({
        severity: "note",
        about: service.name,
        says: "no earlier revision is known: a bad deployment now would end in a question, not in a rollback",
        remedy: "nothing to change: the next deployment that is watched to its end becomes the revision to go back to",
      })),
};
