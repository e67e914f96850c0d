import type { Form, FormField } from "@nightshift/model";
import type { InputBlock, KnownBlock, ModalView } from "@slack/web-api";
import { limits } from "../limits.ts";
import { plain } from "./buttons.ts";
import { partBlocks, small } from "./parts.ts";

/** What every field's element is called; the block around it has the field's name. */
const VALUE = "value";

/**
 * A form as `views.open` takes it, within Slack's limits.
 * Source: "Modals" and "Input block", https://docs.slack.dev/reference/block-kit/blocks/input-block, with the types of @slack/types 3.2.0, 2026-11-21.
 * @throws {RangeError} when `context` is longer than 3,000 characters: it must come back unchanged.
 */
export function renderForm(form: Form): ModalView {
  if (form.context.length > limits.form.context)
    throw new RangeError(
      `The form ${form.callback} carries ${form.context.length} characters of context, and Slack takes ${limits.form.context}: pass ids only.`,
    );
  const taken = new Set<string>();
  const shown = form.parts.flatMap((part) => partBlocks(part, taken));
  const fields = form.fields.map(fieldBlock);
  return {
    type: "modal",
    callback_id: form.callback.slice(0, limits.id),
    title: plain(form.title, limits.form.title),
    submit: plain(form.submit, limits.form.title),
    close: plain("Cancel", limits.form.title),
    private_metadata: form.context,
    blocks: [...shown.slice(0, Math.max(0, limits.form.blocks - fields.length)), ...fields].slice(0, limits.form.blocks),
  };
}

function fieldBlock(field: FormField): KnownBlock {
  const head = { type: "input", block_id: field.name.slice(0, limits.id), label: plain(field.label, limits.form.label) } as const;
  switch (field.kind) {
    case "text":
      return {
        ...head,
        optional: field.optional,
        ...(field.hint === undefined ? {} : { hint: plain(field.hint, limits.form.label) }),
        element: {
          type: "plain_text_input",
          action_id: VALUE,
          multiline: field.long,
          ...(field.initial === undefined || field.initial === "" ? {} : { initial_value: field.initial.slice(0, limits.form.initial) }),
        },
      };
    case "choice":
      return choice(head, field) ?? small(`${field.label}: nothing to choose from.`)[0] ?? { type: "divider" };
  }
}

/** A choice of nothing is no field: Slack refuses it. A value that Slack would not carry whole cannot be chosen. */
function choice(head: Pick<InputBlock, "type" | "block_id" | "label">, { options, initial }: Extract<FormField, { kind: "choice" }>): InputBlock | undefined {
  const shown = options
    .filter(([value]) => value !== "" && value.length <= limits.option.value)
    .slice(0, limits.options)
    .map(([value, text]) => ({ text: plain(text, limits.option.text), value }));
  if (shown.length === 0) return undefined;
  const first = shown.find(({ value }) => value === initial);
  return { ...head, element: { type: "static_select", action_id: VALUE, options: shown, ...(first === undefined ? {} : { initial_option: first }) } };
}
