/** What the page shows, as plain JSON: the server writes it, the browser draws it. Times are milliseconds since the epoch, in the lab's clock. */
export interface Picture {
  /** What may be begun; never changes. */
  readonly scenarios: readonly { readonly name: string; readonly title: string }[];
  readonly lab: LabPart;
  readonly slack: SlackPart;
  readonly services: readonly ServicePart[];
  readonly alarms: readonly AlarmPart[];
  readonly queues: readonly QueuePart[];
  readonly charts: readonly ChartPart[];
  readonly marks: readonly MarkPart[];
}

/** The session itself. */
export interface LabPart {
  readonly now: number;
  /** Simulated seconds in a real one; 0 while it is paused. */
  readonly speed: number;
  /** How fast it really goes, when the machine does not keep up with `speed`. */
  readonly reached: number | undefined;
  readonly scenario: { readonly name: string; readonly title: string; readonly seed: number };
  /** Why the lab stands still although nobody paused it. */
  readonly stopped: string | undefined;
}

/** The simulated workspace. */
export interface SlackPart {
  readonly channels: readonly ChannelPart[];
  readonly people: readonly PersonPart[];
  /** Everybody who can be mentioned, by id: also apps, and people who have left. */
  readonly names: Readonly<Record<string, string>>;
  /** The form that stands open in front of each person. */
  readonly views: readonly ViewPart[];
}

/** Somebody who can be played. */
export interface PersonPart {
  readonly id: string;
  readonly name: string;
}

/** A channel, a conversation of two, or what left Slack: pages by SNS. */
export interface ChannelPart {
  readonly id: string;
  readonly name: string;
  readonly kind: "channel" | "direct" | "pages";
  readonly topic: string | undefined;
  readonly messages: readonly MessagePart[];
}

/** A message with its thread. */
export interface MessagePart {
  readonly ts: string;
  readonly at: number;
  readonly editedAt: number | undefined;
  readonly from: string;
  readonly text: string;
  /** Block Kit, as it was sent. */
  readonly blocks: readonly unknown[];
  readonly files: readonly FilePart[];
  /** Only this person sees it. */
  readonly only: string | undefined;
  readonly replies: readonly MessagePart[];
}

/** A file in a message; its bytes are at `/files/ID`. */
export interface FilePart {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly alt: string;
}

/** A form as `views.open` was given it. */
export interface ViewPart {
  readonly id: string;
  readonly user: string;
  readonly title: string;
  readonly submit: string | undefined;
  readonly blocks: readonly unknown[];
  /** What Slack shows beside a field after `response_action: errors`. */
  readonly errors: Readonly<Record<string, string>>;
}

/** One service of the account. */
export interface ServicePart {
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Share of the traffic (of the running tasks, for workers) by revision, largest first; `bad` says the scenario, not Nightshift. */
  readonly shares: readonly { readonly revision: string; readonly share: number; readonly bad: boolean }[];
  /** Newest first. */
  readonly deployments: readonly {
    readonly id: string;
    readonly revision: string;
    readonly at: number;
    readonly state: string;
    readonly tasks: string;
    readonly why: string;
  }[];
}

/** One alarm. */
export interface AlarmPart {
  readonly name: string;
  readonly value: string;
  readonly since: number;
  readonly reason: string;
}

/** One queue: waiting, and being worked on. */
export interface QueuePart {
  readonly name: string;
  readonly waiting: number;
  readonly working: number;
}

/** Figures of one service, a point a minute; `null` where there is none. */
export interface ChartPart {
  readonly service: string;
  readonly at: readonly number[];
  readonly requests: readonly (number | null)[];
  /** 0–100. */
  readonly errors: readonly (number | null)[];
  /** Milliseconds; empty for workers. */
  readonly p95: readonly (number | null)[];
}

/** Something that happened, for the charts. */
export interface MarkPart {
  readonly at: number;
  readonly service: string;
  readonly what: "deployment" | "rollback" | "alarm";
  readonly text: string;
}
