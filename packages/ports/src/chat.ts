/** Where the notifier writes. One method a Slack call; the notifier decides what to send, this decides how. */
export interface Chat {
  /** Posts a message (a thread reply when `thread` is given) and returns its timestamp. The key travels in the metadata so that a lost answer can be found again. */
  post(message: { readonly channel: string; readonly thread?: string; readonly text: string; readonly key: string }): Promise<string>;
  /** Replaces the text of a message. */
  update(message: { readonly channel: string; readonly ts: string; readonly text: string }): Promise<void>;
  /** The timestamp of a message with this key among the newest 100 of the channel or thread. */
  find(where: { readonly channel: string; readonly thread?: string; readonly key: string }): Promise<string | undefined>;
}

/** The way that does not depend on Slack. */
export interface Pages {
  page(subject: string, text: string, key: string): Promise<void>;
}

/** What the notifier has sent already: one row per incident and entry. */
export interface Deliveries {
  /** The thread of an incident, once its header was posted. */
  thread(incident: string): Promise<{ readonly channel: string; readonly ts: string } | undefined>;
  setThread(incident: string, channel: string, ts: string): Promise<void>;
  /** Undefined: never tried. `trying`: perhaps sent, look before sending again. */
  state(incident: string, entry: string): Promise<"trying" | "sent" | undefined>;
  mark(incident: string, entry: string, state: "trying" | "sent"): Promise<void>;
}

/** Starts the durable function of an automation. */
export interface Starter {
  /** Starting the same name again with the same input is harmless. */
  start(automation: string, executionName: string, input: unknown): Promise<void>;
  /** Wakes an execution that waits for a person. */
  wake(callbackId: string): Promise<void>;
}

/** Where events go that nobody could read. */
export interface DeadLetters {
  send(body: string, error: string): Promise<void>;
}
