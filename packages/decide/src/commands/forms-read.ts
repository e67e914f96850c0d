import { type Command, type Flags, forms, type IncidentRole, type Ms, type Severity } from "@nightshift/model";
import { readLength } from "./durations.ts";
import { LONGEST_NOTE, OWN_SERVICE, postMortemFields } from "./forms.ts";
import { isIncidentId } from "./grammar-words.ts";

/** What a form asks for, or what is wrong with its fields, by their names. A post-mortem is several commands: one a field. */
export type ReadForm =
  | { readonly kind: "commands"; readonly commands: readonly Command[]; readonly flags: Flags }
  | { readonly kind: "mistakes"; readonly mistakes: Readonly<Record<string, string>> };

/** What a form was opened about. At the door the service is not known yet: what is read there is checked and thrown away. */
export interface FormAbout {
  readonly incident: string | undefined;
  /** The incident's own service; stands for the choice "the one this incident is about". */
  readonly service: string;
}

/** Reads a form that was sent; undefined for one that is not ours. Every field is checked again here, whatever Slack promised to have checked. */
export function readForm(callback: string, fields: Readonly<Record<string, string>>, about: FormAbout): ReadForm | undefined {
  const reader = Object.hasOwn(readers, callback) ? readers[callback] : undefined;
  if (reader === undefined) return undefined;
  const sheet = new Sheet(fields);
  const commands = reader(sheet, about);
  const reason = sheet.read("reason", { optional: callback === forms.severity || !(callback in reasoned), longest: 500 });
  if (Object.keys(sheet.mistakes).length > 0) return { kind: "mistakes", mistakes: sheet.mistakes };
  return {
    kind: "commands",
    commands,
    flags: { dryRun: deeds.has(callback) && fields["how"] !== "do", reason: reason === "" ? undefined : reason, yes: true },
  };
}

/** Forms that must say why. */
const reasoned: Readonly<Record<string, true>> = { [forms.rollback]: true, [forms.scale]: true, [forms.silence]: true };

/** Forms that change production: anything but an explicit "do" only shows what would be done. */
const deeds: ReadonlySet<string> = new Set([forms.rollback, forms.scale]);

/** The fields of one form, and what was found wrong with them so far. */
class Sheet {
  readonly mistakes: Record<string, string> = {};
  readonly #fields: Readonly<Record<string, string>>;
  constructor(fields: Readonly<Record<string, string>>) {
    this.#fields = fields;
  }

  read(name: string, { optional = false, longest = LONGEST_NOTE }: { optional?: boolean; longest?: number } = {}): string {
    const value = Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? "").trim() : "";
    if (value === "" && !optional) this.mistakes[name] = "This is needed.";
    if (value.length > longest) this.mistakes[name] = `At most ${longest} characters.`;
    return value;
  }

  /** A value of this form, or `otherwise` with a mistake noted. */
  as<T>(
    name: string,
    how: { readonly meaning: (value: string) => T | undefined; readonly says: string; readonly otherwise: T; readonly optional?: boolean },
  ): T {
    const value = this.read(name, { optional: how.optional === true });
    if (value === "") return how.otherwise;
    const meaning = how.meaning(value);
    if (meaning === undefined) this.mistakes[name] = how.says;
    return meaning ?? how.otherwise;
  }
}

const name = /^[\w.:*-]{1,255}$/;
const serviceOf = (sheet: Sheet, field: string, about: FormAbout): string =>
  sheet.as(field, { meaning: (it) => (it === OWN_SERVICE ? about.service : name.test(it) ? it : undefined), says: "That is no service.", otherwise: "" });
const lastsOf = (sheet: Sheet, optional: boolean): Ms | undefined =>
  sheet.as<Ms | undefined>("lasts", {
    meaning: readLength,
    says: "Write a number and m, h or d, such as 30m, 2h or 1d, up to 30d.",
    otherwise: undefined,
    optional,
  });
const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];
const roles: readonly IncidentRole[] = ["ic", "ops", "comms"];
const noIncident = "Write an id that begins with INC-, or nothing.";

const readers: Readonly<Record<string, (sheet: Sheet, about: FormAbout) => readonly Command[]>> = {
  [forms.rollback]: (sheet, about) => {
    const to = sheet.as("to", {
      meaning: (it) => (/^[\w.:/@-]{1,255}$/.test(it) ? it : undefined),
      says: "Write a revision's number, family:number, or an image digest.",
      otherwise: "",
      optional: true,
    });
    return [{ verb: "rollback", service: serviceOf(sheet, "service", about), to: to === "" ? undefined : to }];
  },
  [forms.scale]: (sheet, about) => {
    const to = sheet.as("count", {
      meaning: (it) => (/^(auto|[+-]?[1-9]\d{0,3}|0)$/i.test(it) ? it.toLowerCase() : undefined),
      says: "Write 4, +2, -1 or auto.",
      otherwise: "",
    });
    const max = sheet.as<number | undefined>("max", {
      meaning: (it) => (/^[1-9]\d{0,3}$/.test(it) ? Number(it) : undefined),
      says: "Write a number of workers, or nothing.",
      otherwise: undefined,
      optional: true,
    });
    return [{ verb: "scale", service: serviceOf(sheet, "service", about), to, lasts: lastsOf(sheet, true), max }];
  },
  [forms.silence]: (sheet, about) => {
    const lasts = lastsOf(sheet, false);
    return lasts === undefined ? [] : [{ verb: "silence", scope: serviceOf(sheet, "scope", about), lasts }];
  },
  [forms.severity]: (sheet, { incident }) => {
    const severity = sheet.as<Severity>("severity", {
      meaning: (it) => severities.find((one) => one.toLowerCase() === it.toLowerCase()),
      says: "P1, P2, P3 or P4.",
      otherwise: "P1",
    });
    return [{ verb: "sev", incident, severity }];
  },
  [forms.note]: (sheet, { incident }) => [{ verb: "note", incident, text: sheet.read("text") }],
  [forms.role]: (sheet, { incident }) => {
    const role = sheet.as<IncidentRole>("role", {
      meaning: (it) => roles.find((one) => one === it),
      says: "Incident commander, operations or communications.",
      otherwise: "ic",
    });
    const person = sheet.as("person", { meaning: (it) => (name.test(it) ? it : undefined), says: "That is nobody.", otherwise: "" });
    return [{ verb: "role", incident, role, person }];
  },
  [forms.postMortem]: (sheet, { incident }) => {
    const commands = postMortemFields.flatMap(([field]): readonly Command[] => {
      const text = sheet.read(field, { optional: true });
      return text === "" ? [] : [{ verb: "field", incident, field, text }];
    });
    const [first] = postMortemFields;
    if (commands.length === 0 && first !== undefined) sheet.mistakes[first[0]] = "Fill in at least one field.";
    return commands;
  },
  [forms.addToTimeline]: (sheet, { incident }) => {
    const typed = sheet.as("incident", {
      meaning: (it) => (isIncidentId(it) ? `INC-${it.slice(4)}` : undefined),
      says: noIncident,
      otherwise: "",
      optional: true,
    });
    return [{ verb: "note", incident: typed === "" ? incident : typed, text: sheet.read("text") }];
  },
};
