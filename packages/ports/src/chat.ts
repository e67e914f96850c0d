import type { Card, Delivery, EpochMs, SendBudget, Severity } from "@nightshift/model";

/** Where the notifier writes. One method a Slack call; the notifier decides what to send, this decides how. */
export interface Chat {
  /** Posts a message (a thread reply when `thread` is given) and returns its timestamp. The key travels in the metadata so that a lost answer can be found again; `broadcast` shows a reply in the channel, too. */
  post(message: {
    readonly channel: string;
    readonly thread?: string;
    readonly card: Card;
    readonly key: string;
    readonly broadcast?: boolean;
  }): Promise<string>;
  /** Replaces a message. */
  update(message: { readonly channel: string; readonly ts: string; readonly card: Card }): Promise<void>;
  /** The timestamp of a message with this key among the newest 100 of the channel or thread. */
  find(where: { readonly channel: string; readonly thread?: string; readonly key: string }): Promise<string | undefined>;
}

/** Channels of their own for grave incidents. */
export interface RoomChannels {
  /** Makes a public channel and returns its id. @throws {PortError} `conflict` when the name is taken. */
  create(name: string): Promise<string>;
  /** At most 100 people; those who are in already are no error. */
  invite(channel: string, people: readonly string[]): Promise<void>;
  topic(channel: string, text: string): Promise<void>;
  bookmark(channel: string, title: string, link: string): Promise<void>;
  pin(channel: string, ts: string): Promise<void>;
}

/** Files shown in a thread. */
export interface ChatFiles {
  /** Uploads and shares a file; returns Slack's file id. */
  upload(file: {
    readonly channel: string;
    readonly thread?: string;
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly alt: string;
    readonly title: string;
  }): Promise<string>;
}

/** What Slack knows about people and about ourselves. */
export interface Directory {
  /** Members of a user group. */
  groupMembers(group: string): Promise<readonly string[]>;
  user(id: string): Promise<{ readonly id: string; readonly team: string | undefined; readonly guest: boolean; readonly bot: boolean; readonly gone: boolean }>;
  /** Opens a direct message and returns its channel. */
  directMessage(user: string): Promise<string>;
  /** Whose token we hold: proof that it is good. */
  whoAmI(): Promise<{ readonly team: string; readonly user: string }>;
}

/** Answers to one person. */
export interface Replies {
  /** By the request's own address: at most five times within 30 minutes, no token needed. */
  respond(responseUrl: string, card: Card, how?: { readonly inChannel?: boolean; readonly replace?: boolean }): Promise<void>;
  /** Only this person sees it. */
  ephemeral(channel: string, user: string, card: Card, thread?: string): Promise<void>;
}

/** The way that does not depend on Slack: one topic a severity. */
export interface Pages {
  page(page: {
    readonly severity: Severity;
    readonly subject: string;
    readonly text: string;
    readonly key: string;
    readonly incident?: string;
    readonly resolved?: boolean;
  }): Promise<void>;
}

/** What the notifier has sent already: one row a message. */
export interface Deliveries {
  /** Every row of an incident, in the order of their keys. */
  all(incident: string): Promise<readonly Delivery[]>;
  /** Writes the row before the call: only if it is absent (`tries` 1), or not sent and still at one try less. False: somebody else has sent it, or is sending it. */
  begin(incident: string, delivery: Delivery): Promise<boolean>;
  /** The call succeeded (or was found to have), or never will. Nothing changes when somebody began it again since: the row is theirs. */
  settle(incident: string, key: string, how: HowSettled): Promise<void>;
}

/** How a try ended. */
export interface HowSettled {
  readonly state: "sent" | "refused" | "parked";
  readonly ts?: string;
  readonly shown?: string;
  /** The tries of the row as this sender began it; a row that somebody else began since is left alone. */
  readonly tries: number;
}

/** What the sending of one channel, or of the workspace, has spent. */
export interface SendBudgets {
  read(scope: string): Promise<SendBudget>;
  /** Only if the row still has `next.version - 1`; false when somebody was first. */
  replace(next: SendBudget): Promise<boolean>;
}

/** Says that an incident has something to tell: one queue in order per channel, so that one sender writes to a channel at a time. */
export interface Outbox {
  /** `occasion` makes two nudges for the same reason one (five minutes). */
  nudge(channel: string, incident: string, occasion: string): Promise<void>;
}

/** Keeps what Slack asked us once: a second time is refused. */
export interface Nonces {
  /** True for the first who brings it. */
  spend(nonce: string, until: EpochMs): Promise<boolean>;
}

/** Starts the durable function of an automation. */
export interface Starter {
  /** Starting the same name again with the same input is harmless. */
  start(automation: string, executionName: string, input: unknown): Promise<void>;
  /** Wakes an execution that waits for a person. One that waits no more is no error. */
  wake(callbackId: string): Promise<void>;
}

/** Where events go that nobody could read. */
export interface DeadLetters {
  send(body: string, error: string): Promise<void>;
}

/** Pictures of metrics, as CloudWatch draws them. */
export interface Charts {
  /** A PNG of this widget; at most 100 metrics. */
  draw(chart: Chart): Promise<Uint8Array>;
}

/** What a chart shows. */
export interface Chart {
  readonly title: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly series: readonly {
    readonly label: string;
    readonly namespace: string;
    readonly metric: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly statistic: string;
    readonly periodSeconds: number;
    readonly right?: boolean;
  }[];
  /** A horizontal line: the threshold. */
  readonly above?: number;
  /** A vertical line: the deployment, the rollback. */
  readonly marks: readonly { readonly at: EpochMs; readonly text: string }[];
}
