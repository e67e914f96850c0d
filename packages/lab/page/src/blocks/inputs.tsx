import { type ReactNode, useId } from "react";
import { asBlock, type Block, blocksIn, textIn, wordsIn } from "./field.ts";

/** One question of a form, with what Slack says about the answer. Its name is `BLOCK ACTION`, so that the form's values can be put back in their places. */
export function InputBlock({ block, problem }: { readonly block: Block; readonly problem: string | undefined }): ReactNode {
  const id = useId();
  const element = asBlock(block["element"]);
  const name = `${textIn(block["block_id"])} ${textIn(element["action_id"])}`;
  const hint = wordsIn(block["hint"]);
  const described = [hint === "" ? "" : `${id}-hint`, problem === undefined ? "" : `${id}-problem`].filter((one) => one !== "").join(" ");
  const shared = {
    id,
    name,
    required: block["optional"] !== true,
    "aria-invalid": problem !== undefined,
    ...(described === "" ? {} : { "aria-describedby": described }),
  };
  return (
    <div className="question">
      <label htmlFor={id}>
        {wordsIn(block["label"])}
        {block["optional"] === true ? <span className="quiet"> (optional)</span> : null}
      </label>
      <Field element={element} shared={shared} />
      {hint === "" ? null : (
        <p className="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem === undefined ? null : (
        <p className="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface Shared {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
}

function Field({ element, shared }: { readonly element: Block; readonly shared: Shared }): ReactNode {
  const initial = textIn(element["initial_value"]);
  switch (element["type"]) {
    case "plain_text_input":
      return element["multiline"] === true ? (
        <textarea {...shared} rows={4} defaultValue={initial} />
      ) : (
        <input {...shared} type="text" defaultValue={initial} />
      );
    case "number_input":
      return <input {...shared} type="number" defaultValue={initial} />;
    case "static_select":
    case "radio_buttons":
      return <Choice element={element} shared={shared} />;
    default:
      return <p className="unknown">The lab's page cannot show an element of type "{textIn(element["type"])}".</p>;
  }
}

function Choice({ element, shared }: { readonly element: Block; readonly shared: Shared }): ReactNode {
  return (
    <select {...shared} defaultValue={textIn(asBlock(element["initial_option"])["value"])}>
      <option value="">Choose…</option>
      {blocksIn(element["options"]).map((option) => (
        <option key={textIn(option["value"])} value={textIn(option["value"])}>
          {wordsIn(option["text"])}
        </option>
      ))}
    </select>
  );
}
