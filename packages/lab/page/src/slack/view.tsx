import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ViewPart } from "../../../src/serve/picture.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { asBlock, blocksIn, textIn } from "../blocks/field.ts";
import { InputBlock } from "../blocks/inputs.tsx";
import { ask } from "../store.ts";

/** A form in front of the person: Esc closes it, Enter in a line sends it, the keyboard stays inside. */
export function View({ view }: { readonly view: ViewPart }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const close = (): void => void ask("/api/slack/close", { view: view.id }).catch(() => undefined);
  const submit = (form: HTMLFormElement): void => {
    setProblem(undefined);
    ask("/api/slack/submit", { view: view.id, values: valuesOf(form, view) }).catch((error: unknown) => {
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

/** `state.values` as Slack sends it: by block, by action. */
function valuesOf(form: HTMLFormElement, view: ViewPart): Record<string, Record<string, object>> {
  const given = new FormData(form);
  return Object.fromEntries(
    blocksIn(view.blocks).flatMap((block) => {
      if (block["type"] !== "input") return [];
      const element = asBlock(block["element"]);
      const [blockId, action, type] = [textIn(block["block_id"]), textIn(element["action_id"]), textIn(element["type"])];
      const value = String(given.get(`${blockId} ${action}`) ?? "");
      const chosen = blocksIn(element["options"]).find((option) => option["value"] === value) ?? null;
      const answer = type === "static_select" || type === "radio_buttons" ? { type, selected_option: chosen } : { type, value: value === "" ? null : value };
      return [[blockId, { [action]: answer }]];
    }),
  );
}
