/**
 * Block Kit's limits, as Slack checks them, in the lab's own numbers and not the adapter's. Sources, 2026-11-21:
 * "Blocks" and the elements' pages, https://docs.slack.dev/reference/block-kit/blocks, with the types of @slack/types
 * 3.2.0; the total: slackapi/bolt-js issue 2509 (13,297 characters, 125 fewer with one divider more); wording of the
 * messages: yonicd/slackreprex issue 3.
 */
type Json = unknown;

/** What is wrong with a message's or a view's blocks; none: Slack takes them. */
export interface Verdict {
  readonly error: "invalid_blocks" | "invalid_blocks_format" | "msg_blocks_too_long" | undefined;
  readonly messages: readonly string[];
}

const fine: Verdict = { error: undefined, messages: [] };
const TOTAL = 13_172;
const EACH_BLOCK = 125;

/** Checks the blocks of a message (at most 50) or of a view (at most 100, with input blocks). */
export function checkBlocks(blocks: Json, kind: "message" | "view" = "message"): Verdict {
  if (blocks === undefined) return fine;
  if (!Array.isArray(blocks)) return { error: "invalid_blocks_format", messages: [] };
  const found: string[] = [];
  const most = kind === "message" ? 50 : 100;
  if (blocks.length > most) found.push(`no more than ${most} items allowed [json-pointer:/blocks]`);
  blocks.forEach((block, i) => {
    checkBlock(block, `/blocks/${i}`, { found, kind });
  });
  unique(blocks, found);
  if (found.length > 0) return { error: "invalid_blocks", messages: found.map((one) => `[ERROR] ${one}`) };
  const total = texts(blocks).reduce((sum, { text }) => sum + [...text].length, 0) + EACH_BLOCK * Math.max(0, blocks.length - 1);
  return kind === "message" && total > TOTAL ? { error: "msg_blocks_too_long", messages: [] } : fine;
}

interface Checking {
  readonly found: string[];
  readonly kind: "message" | "view";
}

function checkBlock(block: Json, where: string, checking: Checking): void {
  const { found, kind } = checking;
  size(field(block, "block_id"), `${where}/block_id`, { found, from: 1, to: 255, optional: true });
  switch (field(block, "type")) {
    case "header":
      textObject(field(block, "text"), `${where}/text`, { found, to: 150, plain: true });
      return;
    case "section":
      section(block, where, found);
      return;
    case "context":
      items(field(block, "elements"), `${where}/elements`, { found, to: 10, each: (one, at) => textObject(one, at, { found, to: 3_000 }) });
      return;
    case "actions":
      items(field(block, "elements"), `${where}/elements`, { found, to: 25, each: (one, at) => element(one, at, found) });
      return;
    case "image":
      size(field(block, "alt_text"), `${where}/alt_text`, { found, from: 1, to: 2_000 });
      size(field(field(block, "slack_file"), "id") ?? field(block, "image_url"), `${where}/slack_file`, { found, from: 1, to: 3_000 });
      return;
    case "divider":
      return;
    case "input":
      if (kind === "message") found.push(`unsupported block type: input [json-pointer:${where}/type]`);
      textObject(field(block, "label"), `${where}/label`, { found, to: 2_000, plain: true });
      if (field(block, "hint") !== undefined) textObject(field(block, "hint"), `${where}/hint`, { found, to: 2_000, plain: true });
      element(field(block, "element"), `${where}/element`, found);
      return;
    default:
      found.push(`unsupported type: ${String(field(block, "type"))} [json-pointer:${where}/type]`);
  }
}

function section(block: Json, where: string, found: string[]): void {
  const fields = field(block, "fields");
  const text = field(block, "text");
  if (text === undefined && fields === undefined) found.push(`missing required field: text or fields [json-pointer:${where}]`);
  if (text !== undefined) textObject(text, `${where}/text`, { found, to: 3_000 });
  if (fields !== undefined) items(fields, `${where}/fields`, { found, to: 10, each: (one, at) => textObject(one, at, { found, to: 2_000 }) });
}

function element(it: Json, where: string, found: string[]): void {
  size(field(it, "action_id"), `${where}/action_id`, { found, from: 1, to: 255, optional: true });
  switch (field(it, "type")) {
    case "button":
      textObject(field(it, "text"), `${where}/text`, { found, to: 75, plain: true });
      size(field(it, "value"), `${where}/value`, { found, from: 1, to: 2_000, optional: true });
      size(field(it, "url"), `${where}/url`, { found, from: 1, to: 3_000, optional: true });
      if (!["primary", "danger", undefined].some((one) => one === field(it, "style"))) found.push(`invalid style [json-pointer:${where}/style]`);
      confirm(field(it, "confirm"), `${where}/confirm`, found);
      return;
    case "overflow":
      options(field(it, "options"), `${where}/options`, { found, from: 2, to: 5 });
      return;
    case "static_select":
      options(field(it, "options"), `${where}/options`, { found, from: 1, to: 100 });
      if (
        field(it, "initial_option") !== undefined &&
        !listed(field(it, "options")).some((one) => field(one, "value") === field(field(it, "initial_option"), "value"))
      )
        found.push(`initial_option is none of the options [json-pointer:${where}/initial_option]`);
      return;
    case "plain_text_input":
      size(field(it, "initial_value"), `${where}/initial_value`, { found, from: 1, to: 3_000, optional: true });
      return;
    default:
      found.push(`unsupported type: ${String(field(it, "type"))} [json-pointer:${where}/type]`);
  }
}

function confirm(it: Json, where: string, found: string[]): void {
  if (it === undefined) return;
  textObject(field(it, "title"), `${where}/title`, { found, to: 100, plain: true });
  textObject(field(it, "text"), `${where}/text`, { found, to: 300 });
  textObject(field(it, "confirm"), `${where}/confirm`, { found, to: 30, plain: true });
  textObject(field(it, "deny"), `${where}/deny`, { found, to: 30, plain: true });
}

function options(it: Json, where: string, { found, from, to }: { readonly found: string[]; readonly from: number; readonly to: number }): void {
  items(it, where, {
    found,
    from,
    to,
    each: (one, at) => {
      textObject(field(one, "text"), `${at}/text`, { found, to: 75, plain: true });
      size(field(one, "value"), `${at}/value`, { found, from: 1, to: 75 });
    },
  });
}

/** Checks a modal. */
export function checkView(view: Json): Verdict {
  const found: string[] = [];
  if (field(view, "type") !== "modal") found.push("unsupported type [json-pointer:/view/type]");
  textObject(field(view, "title"), "/view/title", { found, to: 24, plain: true });
  for (const name of ["submit", "close"]) if (field(view, name) !== undefined) textObject(field(view, name), `/view/${name}`, { found, to: 24, plain: true });
  size(field(view, "callback_id"), "/view/callback_id", { found, from: 1, to: 255, optional: true });
  size(field(view, "private_metadata"), "/view/private_metadata", { found, from: 0, to: 3_000, optional: true });
  if (found.length > 0) return { error: "invalid_blocks", messages: found.map((one) => `[ERROR] ${one}`) };
  return checkBlocks(field(view, "blocks") ?? "missing", "view");
}

type Each = {
  readonly found: string[];
  readonly from?: number;
  readonly to: number;
  readonly each: (one: Json, where: string) => void;
};
function items(it: Json, where: string, { found, from = 1, to, each }: Each): void {
  const all = listed(it);
  if (all.length > to) found.push(`no more than ${to} items allowed [json-pointer:${where}]`);
  if (all.length < from) found.push(`no fewer than ${from} items allowed [json-pointer:${where}]`);
  all.forEach((one, i) => {
    each(one, `${where}/${i}`);
  });
}

function textObject(it: Json, where: string, { found, to, plain = false }: { readonly found: string[]; readonly to: number; readonly plain?: boolean }): void {
  const type = field(it, "type");
  if (type !== "plain_text" && (plain || type !== "mrkdwn")) found.push(`unsupported type of text: ${String(type)} [json-pointer:${where}/type]`);
  size(field(it, "text"), `${where}/text`, { found, from: 1, to });
}

type Bounds = { readonly found: string[]; readonly from: number; readonly to: number; readonly optional?: boolean };
function size(it: Json, where: string, { found, from, to, optional = false }: Bounds): void {
  if (it === undefined && optional) return;
  if (typeof it !== "string") found.push(`missing required field [json-pointer:${where}]`);
  else if (it.length > to) found.push(`must be less than ${to + 1} characters [json-pointer:${where}]`);
  else if (it.length < from) found.push(`must be more than ${from - 1} characters [json-pointer:${where}]`);
}

/** No block and no action of a message may have another one's id. */
function unique(blocks: readonly Json[], found: string[]): void {
  const actions = blocks.flatMap((block) => listed(field(block, "elements")).flatMap((one) => field(one, "action_id") ?? []));
  const ids = blocks.flatMap((block) => field(block, "block_id") ?? []);
  for (const all of [actions, ids]) {
    const twice = all.find((one, i) => all.indexOf(one) !== i);
    if (twice !== undefined) found.push(`"${String(twice)}" already exists [json-pointer:/blocks]`);
  }
}

/** Every text object inside, with its type. */
export function texts(it: Json): readonly { readonly type: "plain_text" | "mrkdwn"; readonly text: string }[] {
  if (Array.isArray(it)) return it.flatMap(texts);
  if (typeof it !== "object" || it === null) return [];
  const type = field(it, "type");
  const text = field(it, "text");
  if ((type === "plain_text" || type === "mrkdwn") && typeof text === "string") return [{ type, text }];
  return Object.values(it).flatMap(texts);
}

const field = (it: Json, name: string): Json => (typeof it === "object" && it !== null ? Reflect.get(it, name) : undefined);
const listed = (it: Json): readonly Json[] => (Array.isArray(it) ? it : []);
