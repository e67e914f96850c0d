import { type ReactNode, useState } from "react";
import type { FilePart, MessagePart } from "../../../src/serve/picture.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { textIn } from "../blocks/field.ts";
import { Mrkdwn } from "../blocks/text.tsx";
import { sayTime } from "../say.ts";
import { ask } from "../store.ts";

interface MessageProps {
  readonly channel: string;
  readonly message: MessagePart;
  /** Who presses its buttons. */
  readonly user: string;
  /** Undefined in a thread and where there are none. */
  readonly openThread?: ((ts: string) => void) | undefined;
}

/** One message with its blocks, buttons and the way to its thread. */
export function Message({ channel, message, user, openThread }: MessageProps): ReactNode {
  const [problem, setProblem] = useState<string>();
  const replies = message.replies.filter(({ only }) => only === undefined || only === user);
  return (
    <li className={`message ${message.only === undefined ? "" : "ephemeral"}`}>
      <div className="avatar" aria-hidden="true">
        {message.from.slice(0, 1)}
      </div>
      <div className="said">
        <p className="from">
          <strong>{message.from}</strong> <time dateTime={new Date(message.at).toISOString()}>{sayTime(message.at)}</time>
          {message.editedAt === undefined ? null : <span className="quiet"> (edited {sayTime(message.editedAt)})</span>}
          {message.only === undefined ? null : <span className="quiet"> · only you see this</span>}
        </p>
        {message.blocks.length === 0 ? (
          <Mrkdwn text={message.text} />
        ) : (
          <Blocks
            blocks={message.blocks}
            press={({ element, value }) => {
              setProblem(undefined);
              const action = textIn(element["action_id"]);
              ask("/api/slack/press", { user, channel, message: message.ts, action, value, type: textIn(element["type"]) }).catch((error: unknown) => {
                setProblem(error instanceof Error ? error.message : String(error));
              });
            }}
          />
        )}
        {message.files.map((file) => (
          <FileShown key={file.id} file={file} />
        ))}
        {problem === undefined ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {openThread === undefined ? null : (
          <button type="button" className="thread-link" onClick={() => openThread(message.ts)}>
            {replies.length === 0
              ? "Reply in thread"
              : `${replies.length} ${replies.length === 1 ? "reply" : "replies"}, the last at ${sayTime(replies.at(-1)?.at ?? 0)}`}
          </button>
        )}
      </div>
    </li>
  );
}

/** A picture is shown, anything else can be opened. */
function FileShown({ file }: { readonly file: FilePart }): ReactNode {
  const address = `/files/${encodeURIComponent(file.id)}`;
  if (!file.name.endsWith(".png"))
    return (
      <a href={address} target="_blank" rel="noopener noreferrer">
        {file.title || file.name}
      </a>
    );
  return (
    <figure>
      <figcaption>{file.title}</figcaption>
      <img src={address} alt={file.alt} />
    </figure>
  );
}
