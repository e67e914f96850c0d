import { type BrokerSettings, hours, seconds } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";

/** A broker that a person named on the command line: how to look at it, and where it is. */
export interface NamedBroker {
  readonly settings: BrokerSettings;
  /** Addresses by the name of the secret that stands for them. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Whether a password stood in the command itself, hence in the shell's history. */
  readonly openly: boolean;
}

/** What else was said of it. */
export interface BrokerWords {
  readonly broker: string | undefined;
  readonly management: string | undefined;
  readonly keyPrefix: string;
  readonly prioritySteps: string | undefined;
}

/** Celery's own variable, tried when nothing is named. */
const USUAL = "CELERY_BROKER_URL";
const form =
  "write redis://, rediss://, amqp://, amqps:// or sqs://, or env:NAME to take it from a variable so that no password stands in your shell's history";

/**
 * Reads `--broker`: an address, or `env:NAME`. Nothing of an address is ever repeated.
 * @throws {Refusal} that says what was expected.
 */
export function brokerNamed(
  { broker, management, keyPrefix, prioritySteps }: BrokerWords,
  environment: Readonly<Record<string, string | undefined>>,
): NamedBroker {
  const address = addressOf(broker ?? `env:${USUAL}`, "broker", environment);
  const openly = [broker, management].some((word) => word !== undefined && !word.startsWith("env:") && hasPassword(word));
  switch (schemeOf(address)) {
    case "redis":
    case "rediss":
      return {
        settings: { kind: "redis", secret: "broker", keyPrefix, prioritySteps: stepsOf(prioritySteps), separator: "\u0006\u0016", visibilityTimeout: hours(1) },
        addresses: { broker: address },
        openly,
      };
    case "amqp":
    case "amqps":
    case "pyamqp": {
      const page = management === undefined ? undefined : addressOf(management, "management", environment);
      return {
        settings: { kind: "rabbitmq", secret: "broker", managementSecret: page === undefined ? undefined : "management" },
        // Kombu's name for the protocol by the library that it uses.
        addresses: { broker: address.replace(/^pyamqp:/, "amqp:"), ...(page === undefined ? {} : { management: page }) },
        openly,
      };
    }
    case "sqs":
      return { settings: { kind: "sqs", queueNamePrefix: keyPrefix, visibilityTimeout: seconds(1_800) }, addresses: {}, openly };
    default:
      throw new Refusal(`queues: --broker is not the address of a broker that is understood; ${form}.`);
  }
}

/** The word itself, or what the variable holds that it names. */
function addressOf(word: string, option: string, environment: Readonly<Record<string, string | undefined>>): string {
  const [, name] = /^env:(\w+)$/.exec(word) ?? [];
  if (name === undefined) return word;
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new Refusal(`queues: the variable ${name} is not set, from which --${option} would be taken; set it, or ${form}.`);
}

const schemeOf = (address: string): string => /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase() ?? "";
const hasPassword = (address: string): boolean => /:\/\/[^/@\s]*:[^/@\s]+@/.test(address);

function stepsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [0, 3, 6, 9];
  const steps = text.split(",").map((step) => (/^\d{1,3}$/.test(step.trim()) ? Number(step) : Number.NaN));
  if (steps.length > 0 && steps.every((step, index) => step <= 255 && (index === 0 ? step === 0 : step > (steps[index - 1] ?? 0)))) return steps;
  throw new Refusal(`queues: --priority-steps "${text}" are not rising whole numbers that begin with 0; write them as Celery has them, such as 0,3,6,9.`);
}
