import type { EpochMs } from "./time.ts";

/** A piece of text. Plain strings are foreign until shown otherwise: the adapter escapes all of them; only these marks become markup. */
export type Span =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly link: string; readonly text: string }
  | { readonly person: string }
  | { readonly userGroup: string }
  | { readonly channel: string }
  /** `@channel`: once, when nobody else can be reached. */
  | { readonly everybody: true }
  /** Shown in the reader's own time zone; the words are the fallback. */
  | { readonly moment: EpochMs; readonly words: string };
/** Text with marks. */
export type Rich = string | readonly Span[];

/** A button. Its value carries ids only; what they mean is read from the ledger when it is pressed. */
export interface Button {
  readonly action: string;
  readonly text: string;
  readonly value: string;
  readonly style?: "primary" | "danger";
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string };
}

/** One part of a card, top to bottom. */
export type Part =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: Rich }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [string, Rich])[] }
  | { readonly kind: "lines"; readonly lines: readonly Rich[] }
  | { readonly kind: "small"; readonly text: Rich }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "image"; readonly file: string; readonly alt: string }
  | { readonly kind: "divider" }
  | { readonly kind: "buttons"; readonly buttons: readonly Button[]; readonly more?: readonly Button[] };

/** What a message shows, in our own words; the Slack adapter makes blocks of it, within Slack's limits. */
export interface Card {
  /** What a notification and a screen reader say: the whole message in one line. */
  readonly summary: Rich;
  readonly parts: readonly Part[];
}

/** A form that opens in front of the person who pressed. `context` comes back unchanged. */
export interface Form {
  readonly callback: string;
  readonly title: string;
  readonly submit: string;
  readonly context: string;
  readonly parts: readonly Part[];
  readonly fields: readonly FormField[];
}

/** One question of a form. */
export type FormField =
  | {
      readonly kind: "text";
      readonly name: string;
      readonly label: string;
      readonly long: boolean;
      readonly optional: boolean;
      readonly initial?: string;
      readonly hint?: string;
    }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly label: string;
      readonly options: readonly (readonly [value: string, text: string])[];
      readonly initial?: string;
    };
