import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ChannelPart, MessagePart, SlackPart } from "../../../src/serve/picture.ts";
import { Composer } from "./composer.tsx";
import { useEscape } from "./escape.ts";
import { Message } from "./message.tsx";
import { LeftOpen, View } from "./view.tsx";

/** The workspace: channels, the chosen one's messages, and a thread beside them. */
export function Slack({ slack }: { readonly slack: SlackPart }): ReactNode {
  // The first channel stays in front when others come to stand before it.
  const [chosen, choose] = useState(() => slack.channels[0]?.id);
  const [thread, setThread] = useState<string>();
  const [user, setUser] = useState<string>();
  const channel = slack.channels.find(({ id }) => id === chosen) ?? slack.channels[0];
  const person = slack.people.find(({ id }) => id === user) ?? slack.people[0];
  const me = person?.id ?? "";
  const seen = useRef(new Map<string, number>());
  const open = channel?.messages.find(({ ts }) => ts === thread);
  if (channel !== undefined) seen.current.set(channel.id, newest(channel));
  const view = slack.views.find((one) => one.user === me);
  // A form from before the page was loaded does not stand in front of everything: the person says whether to go on with it.
  const [left, setLeft] = useState<ReadonlySet<string>>(() => new Set(slack.views.map(({ id }) => id)));
  const carryOn = (id: string): void => setLeft(new Set([...left].filter((one) => one !== id)));
  return (
    <section className="slack" aria-label="Slack">
      <nav className="channels" aria-label="Channels">
        <ul>
          {slack.channels.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                title={one.name}
                aria-current={one.id === channel?.id ? "true" : undefined}
                className={newest(one) > (seen.current.get(one.id) ?? 0) ? "unread" : ""}
                onClick={() => {
                  choose(one.id);
                  setThread(undefined);
                }}
              >
                {one.kind === "channel" ? "# " : ""}
                {one.name}
                {newest(one) > (seen.current.get(one.id) ?? 0) ? <span className="hidden"> (unread)</span> : null}
              </button>
            </li>
          ))}
        </ul>
        {slack.people.length === 0 ? null : (
          <label className="who">
            You are
            <select value={me} onChange={(event) => setUser(event.target.value)}>
              {slack.people.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </nav>
      {channel === undefined ? null : <Channel key={channel.id} channel={channel} user={me} openThread={setThread} />}
      {channel === undefined || open === undefined ? null : <Thread channel={channel} message={open} user={me} close={() => setThread(undefined)} />}
      {view === undefined ? null : left.has(view.id) ? (
        <LeftOpen key={view.id} view={view} carryOn={() => carryOn(view.id)} />
      ) : (
        <View key={view.id} view={view} />
      )}
      <Announcer channels={slack.channels} />
    </section>
  );
}

const newest = (channel: ChannelPart): number => Math.max(0, ...channel.messages.flatMap(({ at, replies }) => [at, ...replies.map((reply) => reply.at)]));

interface ChannelProps {
  readonly channel: ChannelPart;
  readonly user: string;
  readonly openThread: (ts: string) => void;
}

function Channel({ channel, user, openThread }: ChannelProps): ReactNode {
  const messages = channel.messages.filter(({ only }) => only === undefined || only === user);
  const list = useStickyEnd(messages.length);
  const threads = channel.kind === "pages" ? undefined : openThread;
  return (
    <section className="channel" aria-label={`Messages in ${channel.name}`}>
      <header>
        <h2>
          {channel.kind === "channel" ? "# " : ""}
          {channel.name}
        </h2>
        {channel.topic === undefined ? null : <p className="quiet">{channel.topic}</p>}
      </header>
      <ol className="messages" ref={list}>
        {messages.map((message) => (
          <Message key={message.ts} channel={channel.id} message={message} user={user} openThread={message.only === undefined ? threads : undefined} />
        ))}
        {messages.length === 0 ? <li className="empty">Nothing has been said here.</li> : null}
      </ol>
      {channel.kind === "pages" ? null : <Composer channel={channel.id} user={user} label={`Message ${channel.name}`} />}
    </section>
  );
}

interface ThreadProps {
  readonly channel: ChannelPart;
  readonly message: MessagePart;
  readonly user: string;
  readonly close: () => void;
}

function Thread({ channel, message, user, close }: ThreadProps): ReactNode {
  const replies = message.replies.filter(({ only }) => only === undefined || only === user);
  const list = useStickyEnd(replies.length);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  useEscape(close);
  return (
    <section className="thread" aria-label="Thread">
      <header>
        <h2>Thread</h2>
        <button type="button" className="button" ref={button} onClick={close}>
          Close
        </button>
      </header>
      <ol className="messages" ref={list}>
        <Message channel={channel.id} message={message} user={user} />
        {replies.map((reply) => (
          <Message key={reply.ts} channel={channel.id} message={reply} user={user} />
        ))}
      </ol>
      <Composer channel={channel.id} thread={message.ts} user={user} label="Reply" />
    </section>
  );
}

/** Keeps a list at its end as it grows, unless the reader has scrolled up. */
function useStickyEnd(length: number): React.RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const known = useRef(0);
  useEffect(() => {
    const element = list.current;
    if (element === null || length === known.current) return;
    known.current = length;
    if (element.scrollHeight - element.scrollTop - element.clientHeight < 600) element.scrollTop = element.scrollHeight;
  }, [length]);
  return list;
}

/** Tells a screen reader of new messages, in a sentence each. */
function Announcer({ channels }: { readonly channels: readonly ChannelPart[] }): ReactNode {
  const last = channels
    .flatMap((channel) => channel.messages.flatMap((message) => [message, ...message.replies].map((one) => ({ channel, one }))))
    .reduce<{ readonly channel: ChannelPart; readonly one: MessagePart } | undefined>(
      (best, next) => (best === undefined || next.one.at >= best.one.at ? next : best),
      undefined,
    );
  return (
    <p className="hidden" aria-live="polite">
      {last === undefined ? "" : `New in ${last.channel.name}: ${last.one.text.split("\n")[0]?.slice(0, 200) ?? ""}`}
    </p>
  );
}
