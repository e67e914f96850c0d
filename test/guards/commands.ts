import { mayAnswer, type Word } from "@nightshift/decide/approvals";
import { type Approval, buttons, epochMs } from "@nightshift/model";
import { type Office, office, planIn } from "../testing/office.ts";
import { type Works, works } from "../testing/works.ts";
import type { GuardCase } from "./case.ts";

const now = epochMs(1_773_457_200_000);
const plan: Approval = {
  plan: "shop-prod-restore",
  planHash: "{}",
  what: "restore",
  because: "a drill",
  service: "shop-api",
  askedAt: now,
  expiresAt: epochMs(now + 600_000),
  state: "pending",
  needs: { role: "owner", people: 2 },
  requester: "ana",
  incident: undefined,
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
};
const refused = (over: Partial<Approval>, word: Partial<Word>): boolean =>
  mayAnswer({ ...plan, ...over }, { says: "approved", by: "ana", at: now, whoMay: 2, ...word }).kind === "refused";

/** What an evening in the office comes to. */
const inOffice = (evening: (it: Office) => Promise<boolean>) => async (): Promise<boolean> => {
  let kept = false;
  await office(async (it) => {
    kept = await evening(it);
  });
  return kept;
};
const holds = async ({ world }: Office): Promise<number> => (await world.control.read()).holds.length;

const inWorks = (evening: (it: Works) => Promise<boolean>) => async (): Promise<boolean> => {
  let kept = false;
  await works(async (it) => {
    kept = await evening(it);
  });
  return kept;
};

/** The plan as it is stored, but going to a revision that nobody approved. */
async function tampered(): Promise<string> {
  let text = "";
  await works(async (it) => {
    text = String((await it.plan()).input["plan"]).replaceAll("shop-worker:42", "shop-worker:41");
  });
  return text;
}

/** Promises about what people ask for. */
export const commandGuards: readonly GuardCase[] = [
  { off: ["expired plan is refused"], promise: "an expired plan takes no word", kept: () => refused({}, { says: "denied", at: plan.expiresAt }) },
  {
    off: ["requester is not the second of two"],
    promise: "who asked for a dangerous plan is not its second yes",
    kept: () => refused({ given: [{ by: "lead", at: now }] }, {}),
  },
  {
    off: ["a team of one waits"],
    promise: "a lone person's second yes comes ten minutes later",
    kept: () => refused({ given: [{ by: "ana", at: now }] }, { whoMay: 1, at: epochMs(now + 1_000) }),
  },
  {
    off: ["role is held"],
    promise: "a viewer holds nothing",
    kept: inOffice(async (it) => {
      await it.say("hold all", "U0NEW");
      return (await holds(it)) === 0;
    }),
  },
  {
    off: ["stranger is refused"],
    promise: "a guest holds nothing, whatever the config says",
    kept: inOffice(async (it) => {
      it.guests.add("U0ANA");
      await it.say("hold all");
      return (await holds(it)) === 0;
    }),
  },
  {
    off: ["dry run changes nothing"],
    promise: "a dry hold holds nothing",
    kept: inOffice(async (it) => {
      await it.say("hold all --dry-run");
      return (await holds(it)) === 0;
    }),
  },
  {
    off: ["request is carried out once"],
    promise: "a second message under the same key is nobody's",
    kept: inOffice(async (it) => {
      await it.ask({ key: "k", text: "hold all" }, "message-1");
      await it.ask({ key: "k", text: "release all" }, "message-2");
      return (await holds(it)) === 1;
    }),
  },
  {
    off: ["a hold is released by its holder"],
    promise: "an operator does not release another's hold",
    kept: inOffice(async (it) => {
      await it.say("hold all", "U0LEAD");
      await it.say("release all");
      return (await holds(it)) === 1;
    }),
  },
  {
    off: ["plan belongs to its incident"],
    promise: "a button of another incident approves nothing",
    kept: inOffice(async (it) => {
      const asked = planIn(await it.say("rollback shop-api"));
      await it.press(buttons.approve, `INC-1|${asked}`);
      return it.started.length === 0;
    }),
  },
  {
    off: ["stored plan is the approved one"],
    promise: "a plan that was changed after it was approved is not carried out",
    kept: async () => {
      const other = await tampered();
      return inWorks(async (it) => {
        const stored = await it.plan({ input: { group: "shop", plan: other } });
        await it.approve(stored);
        await it.run(stored.id);
        return it.redeployed.length === 0;
      })();
    },
  },
  {
    off: ["preconditions are as they were"],
    promise: "a plan is not carried out over another desired count",
    kept: inWorks(async (it) => {
      const stored = await it.plan();
      await it.approve(stored);
      it.state = { ...it.state, desired: 9 };
      await it.run(stored.id);
      return it.redeployed.length === 0;
    }),
  },
];
