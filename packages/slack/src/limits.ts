/**
 * Slack's limits as far as we meet them. Sources, 2026-11-21: "Blocks" and the elements' pages,
 * https://docs.slack.dev/reference/block-kit/blocks, with the types of @slack/types 3.2.0; `chat.update` refuses text
 * above 4,000 ("chat.update method", `msg_too_long`, https://docs.slack.dev/reference/methods/chat.update), counted in
 * bytes after escaping (gitlab-org/gitlab merge request 258898), and what is posted may be updated later, so posts keep
 * to the same; `blocksWeight` stays under the undocumented total at which `msg_blocks_too_long` begins, 13,172 to 13,297
 * characters (slackapi/bolt-js issue 2509); manifest fields: @slack/web-api 8.2.0 (`dist/types/request/manifest.d.ts`).
 */
export const limits = {
  textBytes: 4_000,
  /** Messages on one page of history. */
  page: 100,
  blocks: 50,
  /** Bytes of a message's blocks as JSON, and `blockWeight` for each block: one divider more lowered the measured limit by 125 characters. */
  blocksWeight: 12_000,
  blockWeight: 125,
  header: 150,
  section: 3_000,
  field: 2_000,
  fields: 10,
  alt: 2_000,
  id: 255,
  actions: 25,
  button: { text: 75, value: 2_000 },
  /** The menu at the end of a row of buttons. The least is from the element's older page, as slack-blocks 0.22 checks it. */
  menu: { least: 2, most: 5 },
  option: { text: 75, value: 75 },
  options: 100,
  confirm: { title: 100, text: 300, button: 30 },
  link: 3_000,
  form: { title: 24, context: 3_000, blocks: 100, label: 2_000, initial: 3_000 },
  room: { name: 80, topic: 250, people: 100, bookmarkTitle: 256, bookmarkLink: 2_048 },
  file: { alt: 1_000 },
  manifest: {
    name: 35,
    description: 140,
    displayName: 80,
    commands: 50,
    command: 32,
    commandDescription: 2_000,
    usageHint: 1_000,
    scopes: 255,
    shortcuts: 10,
    shortcutName: 24,
    shortcutDescription: 150,
  },
} as const;
