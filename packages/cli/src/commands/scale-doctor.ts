import type { Reading, WorkerSettings } from "@nightshift/model";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, screenfulOf } from "../frame/format.ts";
import { accountOf, ledgerOptions } from "../place/account.ts";
import { withBroker } from "../place/brokers.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";
import { workerOf } from "../place/scope.ts";
import { brokerNamed, type NamedBroker } from "../scaling/broker-word.ts";
import { gatherWorker } from "../scaling/doctor/gather.ts";
import { type Examined, examineWorker } from "../scaling/doctor/index.ts";
import { examinedLines } from "../scaling/doctor/lines.ts";

/** What in Celery, in the task definition or in the broker would lose tasks or make scaling slow. */
export const scaleDoctor = (place: Place): Command => ({
  path: ["scale", "doctor"],
  group: "Set it up",
  summary: "Find what loses tasks or makes workers scale badly",
  more: [
    "Reads the service's task definition, and the broker where its address is given: --broker env:NAME, or CELERY_BROKER_URL. Of the environment of a task only REMAP_SIGTERM is read.",
    "Each check says what it found, what is right, and what to do next; what could not be seen says why.",
  ],
  words: "[SERVICE]",
  maxWords: 1,
  options: {
    broker: { type: "text", value: "URL|env:NAME", says: "the broker's address (default env:CELERY_BROKER_URL, where it is set)" },
    management: { type: "text", value: "URL|env:NAME", says: "RabbitMQ's management API" },
    all: { type: "switch", says: "also what is as it should be" },
    config: configOption,
    ...ledgerOptions,
  },
  example: "npx nightshift scale doctor shop-worker --broker env:CELERY_BROKER_URL",
  exits: { 1: "something is dangerous" },
  run: async (asked) => {
    const config = await resolvedConfig(place, textOf(asked, "config"));
    const [only] = asked.words;
    const settings = only === undefined ? config.workers : [workerOf(only, config)];
    if (settings.length === 0) throw new Refusal(`${config.file} has no workers, so there is nothing to look at; docs/scaling.md shows how to add one.`);
    const account = reading(() => accountOf(place, asked, config.region));
    const examined: Examined[] = [];
    for (const one of settings) {
      asked.io.progress(`looking at ${one.service} …`);
      const named = one.broker.kind === "sqs" && !account.ok ? account : brokerFor(place, asked, one);
      const gather = (broker: Parameters<typeof gatherWorker>[0]["broker"]) => gatherWorker({ settings: one, account, broker, clock: place.clock });
      const patient = named.ok
        ? await withBroker({ place, reach: () => accountOf(place, asked, config.region).reach }, named.value, (value) => gather({ ok: true, value }))
        : await gather(named);
      examined.push(...examineWorker(patient));
    }
    asked.io.progress(undefined);
    answer(asked, examined, linesOf(asked, examined));
    return examined.some(({ checkup }) => checkup.kind === "wrong" && checkup.severity === "danger") ? 1 : 0;
  },
});

/** What a refusal says instead of a value: the doctor goes on with the rest. */
function reading<T>(open: () => T): Reading<T> {
  try {
    return { ok: true, value: open() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, because: error.message };
    throw error;
  }
}

/** The broker of one service, with the config's settings and the address that was given here. */
function brokerFor(place: Place, asked: Asked, { broker }: WorkerSettings): Reading<NamedBroker> {
  const word = textOf(asked, "broker");
  if (broker.kind !== "sqs" && word === undefined && (place.environment["CELERY_BROKER_URL"] ?? "") === "")
    return { ok: false, because: "no address of the broker was given (--broker env:NAME, or the variable CELERY_BROKER_URL)" };
  return reading(() => {
    const named = brokerNamed(
      { broker: broker.kind === "sqs" ? "sqs://" : word, management: textOf(asked, "management"), keyPrefix: "", prioritySteps: undefined },
      place.environment,
    );
    if (named.settings.kind !== broker.kind) throw new Refusal(`the address given is one of ${named.settings.kind}, and the config says ${broker.kind}`);
    // The address is the person's, everything else the config's; secrets are looked up by the name that stands there.
    return { ...named, settings: withAddresses(broker, named) };
  });
}

function withAddresses(broker: WorkerSettings["broker"], { addresses }: NamedBroker): WorkerSettings["broker"] {
  switch (broker.kind) {
    case "sqs":
      return broker;
    case "redis":
      return { ...broker, secret: "broker" };
    case "rabbitmq":
      return { ...broker, secret: "broker", managementSecret: addresses["management"] === undefined ? undefined : "management" };
  }
}

function linesOf(asked: Asked, examined: readonly Examined[]): readonly string[] {
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  const all = isOn(asked, "all");
  const shown = examined.filter(({ checkup }) => all || checkup.kind !== "right");
  const blocks = shown.map((one) => examinedLines(one, width));
  const count = (kind: string): number => examined.filter(({ checkup }) => (checkup.kind === "wrong" ? checkup.severity : checkup.kind) === kind).length;
  const end = `${examined.length} looks: ${count("danger")} dangerous (✗), ${count("warning")} to mend (!), ${count("note")} to know (·), ${count("unseen")} not to be seen (?), ${count("right")} as they should be (✓${all ? "" : ", --all"}).`;
  return [...(all ? blocks.flat() : screenfulOf(blocks, "--all shows every one", 1)), end];
}
