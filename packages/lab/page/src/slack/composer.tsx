import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { ask } from "../store.ts";

interface ComposerProps {
  readonly channel: string;
  readonly thread?: string;
  readonly user: string;
  readonly label: string;
}

/** What was sent, newest last; arrow keys bring it back, as in Slack. */
const sent: string[] = [];

/** Where a person types: words that begin with a slash are a command, others a message. */
export function Composer({ channel, thread, user, label }: ComposerProps): ReactNode {
  const id = useId();
  const [text, setText] = useState("");
  const [back, setBack] = useState(0);
  const [problem, setProblem] = useState<string>();

  const submit = (): void => {
    const said = text.trim();
    if (said === "") return;
    sent.push(said);
    setBack(0);
    setText("");
    setProblem(undefined);
    const slash = /^(\/\S+)\s*([\s\S]*)$/.exec(said);
    const where = { user, channel, ...(thread === undefined ? {} : { thread }) };
    const asked = slash === null ? ask("/api/slack/reply", { ...where, text: said }) : ask("/api/slack/slash", { ...where, command: slash[1], text: slash[2] });
    asked.catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };

  const walk = (event: KeyboardEvent, steps: number): void => {
    const next = Math.max(0, Math.min(sent.length, back + steps));
    if (next === back) return;
    event.preventDefault();
    setBack(next);
    setText(next === 0 ? "" : (sent.at(-next) ?? ""));
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label className="hidden" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        placeholder={`${label}, or /ops status`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp") walk(event, 1);
          if (event.key === "ArrowDown") walk(event, -1);
        }}
      />
      <button type="submit" className="button">
        Send
      </button>
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
