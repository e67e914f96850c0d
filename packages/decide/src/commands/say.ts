import type { Command, Flags, Ms } from "@nightshift/model";
import { writeLength } from "./durations.ts";
import { fieldNames } from "./grammar-words.ts";
import { writeMoment } from "./moments.ts";

/** A command as it would be typed after `/ops`: reading it again gives the same command. For "type this" in messages, and for the audit. */
export const sayCommand = (command: Command, flags: Flags = { dryRun: false, reason: undefined, yes: false }): string =>
  [
    command.verb,
    ...wordsOf(command),
    ...(flags.dryRun ? ["--dry-run"] : []),
    ...(flags.yes ? ["--yes"] : []),
    ...option("reason", flags.reason === undefined ? undefined : quoted(flags.reason)),
  ].join(" ");

function wordsOf(command: Command): readonly string[] {
  switch (command.verb) {
    case "whoami":
    case "version":
    case "silences":
    case "holds":
      return [];
    case "help":
      return given(command.about);
    case "status":
      return given(command.service);
    case "oncall":
      return [...given(command.service), ...(command.week ? ["--week"] : [])];
    case "incidents":
      return command.all ? ["--all"] : [];
    case "deploys":
      return [command.service];
    case "drill":
      return [command.what, command.service];
    case "show":
    case "postmortem":
    case "ack":
    case "resolve":
    case "reopen":
    case "mitigating":
      return given(command.incident);
    case "open":
      return [command.service, command.severity.toLowerCase(), quoted(command.title)];
    case "sev":
      return [...given(command.incident), command.severity.toLowerCase()];
    case "note":
      return [...given(command.incident), quoted(command.text)];
    case "field":
      return [...given(command.incident), fieldNames[command.field], quoted(command.text)];
    case "merge":
      return [command.incident, "into", command.into];
    case "role":
      return [...given(command.incident), command.role, `@${command.person}`];
    default:
      return deedWords(command);
  }
}

type Deed = Extract<
  Command,
  {
    readonly verb:
      | "page"
      | "handoff"
      | "silence"
      | "unsilence"
      | "rollback"
      | "scale"
      | "backup"
      | "restore"
      | "hold"
      | "release"
      | "freeze"
      | "unfreeze"
      | "approve"
      | "deny"
      | "test-alert";
  }
>;

function deedWords(command: Deed): readonly string[] {
  switch (command.verb) {
    case "page":
      return [command.whom, quoted(command.why)];
    case "handoff":
      return [`@${command.to}`, ...lasting(command.until)];
    case "silence":
    case "freeze":
      return [command.scope, writeLength(command.lasts)];
    case "unsilence":
      return [command.id];
    case "rollback":
      return [command.service, ...option("to", command.to)];
    case "scale":
      return [command.service, command.to, ...lasting(command.lasts), ...option("max", command.max === undefined ? undefined : String(command.max))];
    case "backup":
      return [command.what, command.database];
    case "restore":
      return [command.database, ...given(command.backup), ...option("at", command.at === undefined ? undefined : writeMoment(command.at))];
    case "hold":
      return [command.scope, ...lasting(command.lasts)];
    case "release":
    case "unfreeze":
      return [command.scope];
    case "approve":
    case "deny":
      return given(command.plan);
    case "test-alert":
      return [command.service, "--sev", command.severity.toLowerCase()];
  }
}

const given = (word: string | undefined): readonly string[] => (word === undefined ? [] : [word]);
const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`--${name}`, value]);
const lasting = (length: Ms | undefined): readonly string[] => option("for", length === undefined ? undefined : writeLength(length));
/** Quotes inside would end the text early: they become single ones. `&`, `<` and `>` are written as Slack sends them. */
const quoted = (text: string): string =>
  `"${text
    .replace(/["“”„‟«»″]/g, "'")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")}"`;
