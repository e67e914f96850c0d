import type { ReactNode } from "react";
import { Actions, type Press } from "./actions.tsx";
import { asBlock, type Block, blocksIn, textIn, wordsIn } from "./field.ts";
import { RichText, TextObject } from "./text.tsx";

/** Block Kit as Slack shows it; `press` is told of buttons and menus. What it does not know it names. */
export function Blocks({ blocks, press }: { readonly blocks: readonly unknown[]; readonly press: Press }): ReactNode {
  return blocksIn(blocks).map((block, i) => (
    <div className={`block block-${textIn(block["type"])}`} key={textIn(block["block_id"]) || `${i}-${textIn(block["type"])}`}>
      <OneBlock block={block} press={press} />
    </div>
  ));
}

function OneBlock({ block, press }: { readonly block: Block; readonly press: Press }): ReactNode {
  switch (block["type"]) {
    case "header":
      return <h3>{wordsIn(block["text"])}</h3>;
    case "section":
      return <Section block={block} press={press} />;
    case "context":
      return blocksIn(block["elements"]).map((element, i) => (
        <span className="context-part" key={`${i}-${textIn(element["type"])}`}>
          {element["type"] === "image" ? <Picture image={element} /> : <TextObject text={element} />}
        </span>
      ));
    case "actions":
      return <Actions block={block} press={press} />;
    case "divider":
      return <hr />;
    case "image":
      return <Picture image={block} />;
    case "rich_text":
      return <RichText block={block} />;
    case "markdown":
      return <p className="words">{textIn(block["text"])}</p>;
    default:
      return <p className="unknown">The lab's page cannot show a block of type "{textIn(block["type"])}".</p>;
  }
}

function Section({ block, press }: { readonly block: Block; readonly press: Press }): ReactNode {
  const fields = blocksIn(block["fields"]);
  const accessory = asBlock(block["accessory"]);
  return (
    <>
      {block["text"] === undefined ? null : <TextObject text={block["text"]} />}
      {fields.length === 0 ? null : (
        <div className="fields">
          {fields.map((field, i) => (
            <div key={`${i}-field`}>
              <TextObject text={field} />
            </div>
          ))}
        </div>
      )}
      {accessory["type"] === undefined ? null : accessory["type"] === "image" ? (
        <Picture image={accessory} />
      ) : (
        <Actions block={{ ...block, elements: [accessory] }} press={press} />
      )}
    </>
  );
}

/** Files are the lab's own; pictures elsewhere are named, not fetched. */
function Picture({ image }: { readonly image: Block }): ReactNode {
  const alt = textIn(image["alt_text"]);
  const file = textIn(asBlock(image["slack_file"])["id"]);
  const title = wordsIn(image["title"]);
  if (file === "") return <span className="elsewhere">[picture: {alt || "without a description"}]</span>;
  return (
    <figure>
      {title === "" ? null : <figcaption>{title}</figcaption>}
      <img src={`/files/${encodeURIComponent(file)}`} alt={alt} />
    </figure>
  );
}
