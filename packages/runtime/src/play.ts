import type { World } from "@nightshift/ports";
import type { Acting, Automation, Checkpoints, Consent, Leaving, Outcomes, Story } from "./automation.ts";
import type { Needs } from "./needs.ts";
import { runIn } from "./run.ts";

/** What became of one play, for tests, the lab and the caller's log. */
export interface Played<Act, Leave, Outcome> {
  readonly verdict: Act | Leave;
  readonly ending: "left" | "told" | "not-approved" | "acted";
  readonly outcome: Outcome | undefined;
}

/**
 * Plays one automation over one event: detect, decide, ask if need be, act, verify, tell.
 * Every ending is told or recorded (decision 4); nothing here reads a clock or touches the world outside a step.
 */
export async function play<Event, Settings, Uses extends keyof World, Facts, Act extends Acting, Leave extends Leaving, Receipt, Outcome extends Outcomes>(
  automation: Automation<Event, Settings, Uses, Facts, Act, Leave, Receipt, Outcome>,
  { event, settings, world, checkpoints }: { event: Event; settings: Settings; world: Pick<World, Uses> & Needs; checkpoints: Checkpoints },
): Promise<Played<Act, Leave, Outcome>> {
  type Told = Story<Event, Facts, Act, Leave, Receipt, Outcome>;
  const key = automation.key(event);
  const run = runIn(world, checkpoints, key);
  const tell = async (story: Told) => {
    const { incident, lines, verdict, because, station } = automation.tell(story);
    if (incident !== undefined) await run.say(station ?? `tell: ${story.ending}`, incident, lines);
    if (verdict === undefined) return incident?.id;
    await checkpoints.once(`record: ${story.ending}`, async () => {
      await world.audit.append({
        chain: automation.chain(event),
        key: `${key}/${story.ending}`,
        at: world.clock.now(),
        kind: "verdict",
        actor: key,
        body: { verdict, because },
      });
    });
    return incident?.id;
  };

  const end = async (story: Told & { readonly ending: Played<Act, Leave, Outcome>["ending"] }, outcome?: Outcome): Promise<Played<Act, Leave, Outcome>> => {
    await tell(story);
    await automation.remember(story, run);
    return { verdict: story.verdict, ending: story.ending, outcome };
  };

  const facts = await automation.detect(event, settings, run);
  const verdict = automation.decide(facts, settings);
  if (isLeave(verdict)) return end({ event, facts, ending: "left", verdict });
  const consent = automation.consent(verdict, settings, key);
  if (consent === "told") return end({ event, facts, ending: "told", verdict });
  let word: Consent | undefined;
  if (consent !== "given") {
    const incident = await tell({ event, facts, ending: "asking", verdict });
    word = await run.consent(incident === undefined ? consent : { ...consent, incident });
    if (word.kind !== "approved") return end({ event, facts, ending: "not-approved", verdict, consent: word });
  }
  const receipt = await automation.act(verdict, facts, run);
  await tell({ event, facts, ending: "acting", verdict, receipt, consent: word });
  const outcome = await automation.verify(receipt, facts, run);
  return end({ event, facts, ending: "acted", verdict, receipt, consent: word, outcome }, outcome);
}

const isLeave = <Act extends Acting, Leave extends Leaving>(verdict: Act | Leave): verdict is Leave => verdict.kind === "leave";
