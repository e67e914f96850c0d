import type { Kernel } from "../kernel.ts";
import type { RequestStream } from "../traffic/requests.ts";
import type { Random } from "./chance.ts";

/** What a request from outside got. */
export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
  readonly latencyMs: number;
}

/** Answers single HTTP requests from what serves at the moment. */
export class Prober {
  private readonly random: Random;
  private readonly streams: ReadonlyMap<string, RequestStream>;

  constructor(kernel: Kernel, streams: ReadonlyMap<string, RequestStream>) {
    this.random = kernel.random("probe");
    this.streams = streams;
  }

  /**
   * The load balancer answers 503 when it has nobody to ask and 502 when the target does not answer
   * ("Troubleshoot your Application Load Balancers", docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html, read 2026-11-21).
   */
  ask(url: string): ProbeAnswer {
    const { origin, pathname } = new URL(url);
    const stream = this.streams.get(origin);
    if (stream === undefined) return { status: 0, body: "", latencyMs: 0 };
    const tasks = stream.receivers();
    const task = tasks[Math.floor(this.random() * tasks.length)];
    if (task === undefined) return { status: 503, body: "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>", latencyMs: 2 };
    if (task.status !== "RUNNING") return { status: 502, body: "<html><body><h1>502 Bad Gateway</h1></body></html>", latencyMs: 3 };
    const answers = stream.answers(task, 0, pathname);
    const latencyMs = Math.round(answers.p50 * (0.7 + 0.6 * this.random()));
    const isHealth = pathname === stream.served.group.healthPath;
    const failed = isHealth ? stream.failsHealth(task) : this.random() < answers.errorShare;
    return failed
      ? { status: isHealth ? 503 : 500, body: JSON.stringify({ error: "internal error" }), latencyMs }
      : { status: 200, body: JSON.stringify({ status: "ok", service: stream.served.service.name, version: task.digests[0] }), latencyMs };
  }
}
