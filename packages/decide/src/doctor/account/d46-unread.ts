import { type AccountCheck, wanted } from "../check.ts";

/** What could not be read was not judged, which is not the same as healthy. */
export const unread: AccountCheck = {
  id: "D46",
  title: "The doctor could look at everything",
  look: (patient) =>
    patient.facts.unread.map(({ what, because }) => ({
      severity: wanted(patient).some((it) => what === `${it.cluster}/${it.name}`) ? "danger" : "warning",
      about: what,
      says: `could not be read, so nothing was judged about it: ${because}`,
      remedy: "run the doctor again with the read-only policy of the README; a service that is named wrongly is mended in nightshift.config.ts",
    })),
};
