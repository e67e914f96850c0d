import { type ReactNode, useId, useRef, useState } from "react";
import { asBlock, type Block, blocksIn, textIn, wordsIn } from "./field.ts";

/** Told of what was pressed: the element, and the value that goes with it. */
export type Press = (pressed: { readonly element: Block; readonly value: string }) => void;

/** Buttons and menus of one block. */
export function Actions({ block, press }: { readonly block: Block; readonly press: Press }): ReactNode {
  return (
    <div className="actions">
      {blocksIn(block["elements"]).map((element, i) => (
        <Element key={textIn(element["action_id"]) || `${i}-element`} element={element} press={(value) => press({ element, value })} />
      ))}
    </div>
  );
}

interface ElementProps {
  readonly element: Block;
  readonly press: (value: string) => void;
}

function Element({ element, press }: ElementProps): ReactNode {
  switch (element["type"]) {
    case "button":
      return <ActionButton element={element} press={press} />;
    case "overflow":
    case "static_select":
      return <Menu element={element} press={press} />;
    default:
      return <span className="unknown">The lab's page cannot show an element of type "{textIn(element["type"])}".</span>;
  }
}

function ActionButton({ element, press }: ElementProps): ReactNode {
  const url = textIn(element["url"]);
  const text = wordsIn(element["text"]);
  const value = textIn(element["value"]);
  const question = useRef<HTMLDialogElement>(null);
  const confirm = asBlock(element["confirm"]);
  const asks = element["confirm"] !== undefined;
  if (url !== "")
    return (
      <a className="button" href={url} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    );
  return (
    <>
      <button type="button" className={`button ${textIn(element["style"])}`} onClick={() => (asks ? question.current?.showModal() : press(value))}>
        {text}
      </button>
      {asks ? (
        <dialog ref={question} aria-label={wordsIn(confirm["title"])}>
          <h2>{wordsIn(confirm["title"])}</h2>
          <p className="words">{wordsIn(confirm["text"])}</p>
          <div className="actions end">
            <button type="button" className="button" onClick={() => question.current?.close()}>
              {wordsIn(confirm["deny"]) || "Cancel"}
            </button>
            <button
              type="button"
              className="button primary"
              onClick={() => {
                question.current?.close();
                press(value);
              }}
            >
              {wordsIn(confirm["confirm"]) || "Yes"}
            </button>
          </div>
        </dialog>
      ) : null}
    </>
  );
}

/** Overflow and select menus: the browser's own, which the keyboard knows. */
function Menu({ element, press }: ElementProps): ReactNode {
  const id = useId();
  const [chosen, choose] = useState("");
  const label = element["type"] === "overflow" ? "More" : wordsIn(element["placeholder"]) || "Choose";
  return (
    <select
      id={id}
      className="button"
      aria-label={label}
      value={chosen}
      onChange={(event) => {
        press(event.target.value);
        choose("");
      }}
    >
      <option value="">{label}…</option>
      {blocksIn(element["options"]).map((option) => (
        <option key={textIn(option["value"])} value={textIn(option["value"])}>
          {wordsIn(option["text"])}
        </option>
      ))}
    </select>
  );
}
