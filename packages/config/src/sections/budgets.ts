import * as z from "zod/mini";
import { countOf, lengthOf, objectOf } from "../kinds.ts";
import { section } from "../section.ts";
import { hours, minutes, seconds } from "../units.ts";

const within = (says: string) => lengthOf({ says, from: seconds(30), to: hours(24) });

/** Bounds of decision 3. They may be set tighter, and looser within reason; none can be switched off. */
export const budgets = section({
  title: "Budgets",
  says: "How much may happen by itself before a person is asked.",
  schema: z.prefault(
    objectOf({
      rollbacksPerDeployment: z._default(
        countOf({ says: "Automatic rollbacks of one deployment; 0 asks every time. Never more than one: the second would be a loop.", from: 0, to: 1 }),
        1,
      ),
      rollbacksPerService: z._default(
        z.array(objectOf({ count: countOf({ says: "Automatic rollbacks of one service.", from: 1, to: 10 }), within: within("In this length of time.") })),
        [
          { count: 1, within: minutes(30) },
          { count: 2, within: hours(6) },
        ],
      ),
      attemptsPerIntent: z._default(countOf({ says: "Calls to AWS for one intended change.", from: 1, to: 5 }), 3),
      mutationsPerAccount: z._default(
        objectOf({ count: countOf({ says: "Automatic changes in the whole account.", from: 1, to: 100 }), within: within("In this length of time.") }),
        { count: 10, within: minutes(10) },
      ),
      stampede: z._default(
        objectOf({
          services: countOf({ says: "So many unrelated services wanting a rollback stop all automatics and page.", from: 2, to: 20 }),
          within: within("In this length of time."),
        }),
        { services: 3, within: minutes(5) },
      ),
    }),
    {},
  ),
});
