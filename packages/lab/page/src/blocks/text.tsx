import { Fragment, type ReactNode } from "react";
import { usePicture } from "../store.ts";
import { sayMoment } from "../say.ts";
import { asBlock, type Block, blocksIn, textIn } from "./field.ts";
import { type Piece, readMrkdwn } from "./mrkdwn.ts";

/** A text object: mrkdwn with its marks, plain text as it is. */
export function TextObject({ text }: { readonly text: unknown }): ReactNode {
  const { type, text: words } = asBlock(text);
  return type === "mrkdwn" ? <Mrkdwn text={textIn(words)} /> : <span className="words">{textIn(words)}</span>;
}

/** Slack's markup. */
export function Mrkdwn({ text }: { readonly text: string }): ReactNode {
  return <span className="words">{drawn(readMrkdwn(text))}</span>;
}

const drawn = (pieces: readonly Piece[]): ReactNode =>
  // Pieces have no names of their own, and are replaced as a whole.
  pieces.map((piece, i) => <Fragment key={`${i}-${piece.kind}`}>{draw(piece)}</Fragment>);

function draw(piece: Piece): ReactNode {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "bold":
      return <strong>{drawn(piece.pieces)}</strong>;
    case "italic":
      return <em>{drawn(piece.pieces)}</em>;
    case "strike":
      return <s>{drawn(piece.pieces)}</s>;
    case "code":
      return <code>{piece.text}</code>;
    case "block":
      return <pre>{piece.text}</pre>;
    case "quote":
      return <q className="quote">{drawn(piece.pieces)}</q>;
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer">
          {piece.text}
        </a>
      );
    case "mention":
      return <Mention what={piece.what} id={piece.id} label={piece.label} />;
    case "moment":
      return <time dateTime={new Date(piece.at).toISOString()}>{sayMoment(piece.at, piece.format, piece.words)}</time>;
  }
}

interface MentionProps {
  readonly what: "person" | "channel" | "group" | "everybody";
  readonly id: string;
  readonly label: string | undefined;
}

function Mention({ what, id, label }: MentionProps): ReactNode {
  const picture = usePicture();
  const known = what === "person" ? picture?.slack.names[id] : what === "channel" ? picture?.slack.channels.find((one) => one.id === id)?.name : undefined;
  return (
    <span className="mention">
      {what === "channel" ? "#" : "@"}
      {known ?? label ?? id}
    </span>
  );
}

/** A `rich_text` block: sections, lists, quotes and preformatted text. */
export function RichText({ block }: { readonly block: Block }): ReactNode {
  return blocksIn(block["elements"]).map((element, i) => {
    const inside = blocksIn(element["elements"]);
    const key = `${i}-${textIn(element["type"])}`;
    switch (element["type"]) {
      case "rich_text_preformatted":
        return <pre key={key}>{inside.map((leaf) => textIn(leaf["text"])).join("")}</pre>;
      case "rich_text_quote":
        return (
          <blockquote key={key}>
            <Leaves leaves={inside} />
          </blockquote>
        );
      case "rich_text_list":
        return (
          <ul key={key}>
            {inside.map((item, n) => (
              <li key={`${n}-item`}>
                <Leaves leaves={blocksIn(item["elements"])} />
              </li>
            ))}
          </ul>
        );
      default:
        return (
          <p key={key} className="words">
            <Leaves leaves={inside} />
          </p>
        );
    }
  });
}

function Leaves({ leaves }: { readonly leaves: readonly Block[] }): ReactNode {
  return leaves.map((leaf, i) => <Fragment key={`${i}-${textIn(leaf["type"])}`}>{leafOf(leaf)}</Fragment>);
}

function leafOf(leaf: Block): ReactNode {
  const text = textIn(leaf["text"]);
  const style = asBlock(leaf["style"]);
  switch (leaf["type"]) {
    case "text":
      return style["code"] === true ? (
        <code>{text}</code>
      ) : style["bold"] === true ? (
        <strong>{text}</strong>
      ) : style["italic"] === true ? (
        <em>{text}</em>
      ) : (
        text
      );
    case "link":
      return draw({ kind: "link", href: textIn(leaf["url"]), text: text || textIn(leaf["url"]) });
    case "user":
      return <Mention what="person" id={textIn(leaf["user_id"])} label={undefined} />;
    case "channel":
      return <Mention what="channel" id={textIn(leaf["channel_id"])} label={undefined} />;
    case "usergroup":
      return <Mention what="group" id={textIn(leaf["usergroup_id"])} label={undefined} />;
    case "broadcast":
      return <Mention what="everybody" id={textIn(leaf["range"])} label={undefined} />;
    case "date":
      return draw({ kind: "moment", at: Number(leaf["timestamp"]) * 1_000, format: textIn(leaf["format"]), words: textIn(leaf["fallback"]) });
    default:
      return text;
  }
}
