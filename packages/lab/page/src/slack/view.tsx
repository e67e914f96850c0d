import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ViewPart } from "../../../src/serve/picture.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { asBlock, blocksIn, textIn } from "../blocks/field.ts";
import { InputBlock } from "../blocks/inputs.tsx";
import { ask } from "../store.ts";
import { useEscape } from "./escape.ts";

const closeView = (id: string): void => void ask("/api/slack/close", { view: id }).catch(() => undefined);

/** A form that was open before the page was loaded: a line that offers to go on with it or to close it; Esc closes it. */
export function LeftOpen({ view, carryOn }: { readonly view: ViewPart; readonly carryOn: () => void }): ReactNode {
  const close = (): void => closeView(view.id);
  useEscape(close);
  return (
    <div className="left-open" role="status">
      <p>
        The form <strong>{view.title}</strong> is still open.
      </p>
      <button type="button" className="button" onClick={carryOn}>
        Continue
      </button>
      <button type="button" className="button" onClick={close}>
        Close form
      </button>
    </div>
  );
}

/** A form in front of the person: Esc closes it, Enter in a line sends it, the keyboard stays inside. */
export function View({ view }: { readonly view: ViewPart }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const close = (): void => closeView(view.id);
  const submit = (form: HTMLFormElement): void => {
    setProblem(undefined);
    ask("/api/slack/submit", { view: view.id, answers: answersOf(form, view) }).catch((error: unknown) => {
      setProblem(error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <dialog
      ref={dialog}
      className="view"
      aria-labelledby="view-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      // A browser closes a dialog at a second Esc without asking; the form is then closed, too.
      onClose={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(event.currentTarget);
        }}
      >
        <h2 id="view-title">{view.title}</h2>
        {blocksIn(view.blocks).map((block, i) =>
          block["type"] === "input" ? (
            <InputBlock key={textIn(block["block_id"])} block={block} problem={view.errors[textIn(block["block_id"])]} />
          ) : (
            <Blocks key={textIn(block["block_id"]) || `${i}-block`} blocks={[block]} press={() => undefined} />
          ),
        )}
        {problem === undefined ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="actions end">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          {view.submit === undefined ? null : (
            <button type="submit" className="button primary">
              {view.submit}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

/** The answers by the names of their blocks: a form of ours asks one question a block. */
function answersOf(form: HTMLFormElement, view: ViewPart): Record<string, string> {
  const given = new FormData(form);
  return Object.fromEntries(
    blocksIn(view.blocks).flatMap((block) => {
      if (block["type"] !== "input") return [];
      const name = textIn(block["block_id"]);
      return [[name, String(given.get(`${name} ${textIn(asBlock(block["element"])["action_id"])}`) ?? "")]];
    }),
  );
}
