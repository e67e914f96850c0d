/** A request from Slack as it comes over HTTP; the body's bytes are what was signed. */
export interface SlackHttpRequest {
  readonly path: "/slack/commands" | "/slack/interactivity" | "/slack/events";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What Slack gets back, within three seconds. */
export interface SlackHttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where the lab's Slack sends what people do: the ingress function, as it is deployed. */
export interface LabSlackDoor {
  /** What the lab's own Slack signs with. */
  readonly signingSecret: string;
  deliver(request: SlackHttpRequest): Promise<SlackHttpAnswer>;
}
