import { callsWith } from "@nightshift/aws/calls";
import { systemClock } from "@nightshift/aws/clock";
import { realConnections } from "@nightshift/aws/connect";
import type { Reach } from "@nightshift/aws/reach";
import { afterEach, beforeEach } from "vitest";
import { type Heard, type LoopbackAws, loopbackAws, type WireAnswer } from "./loopback-aws.ts";

export const ok = (body: unknown): WireAnswer => ({ status: 200, body: JSON.stringify(body) });
export const fault = (type: string, status = 400): WireAnswer => ({
  status,
  body: JSON.stringify({ __type: type, message: `${type} happened` }),
  headers: { "x-amzn-errortype": type },
});

/** How each operation, by name or path, is answered. */
type Answers = Readonly<Record<string, (request: Heard) => WireAnswer>>;

/** A server for each test of a file that stands where the SDK looks for AWS. The environment is put back after each. */
export class LoopbackStage {
  answers: Answers = {};
  #aws: LoopbackAws | undefined;

  constructor() {
    const saved = { ...process.env };
    beforeEach(async () => {
      this.#aws = await loopbackAws((request) =>
        (this.answers[request.target.split(".")[1] ?? ""] ?? this.answers[request.path.split("?")[0] ?? ""] ?? (() => fault("UnknownOperationException")))(
          request,
        ),
      );
      Object.assign(process.env, { AWS_ENDPOINT_URL: this.#aws.endpoint, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" });
    });
    afterEach(async () => {
      await this.#aws?.close();
      for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
        if (saved[name] === undefined) delete process.env[name];
        else process.env[name] = saved[name];
      }
    });
  }

  get heard(): readonly Heard[] {
    return this.#aws?.heard ?? [];
  }

  get endpoint(): string | undefined {
    return this.#aws?.endpoint;
  }

  /** What was asked: the operation, and its input. */
  get requests(): readonly (readonly [string, unknown])[] {
    return this.heard.map((one) => [one.target.split(".")[1] ?? one.path, one.body]);
  }
}

/** The real SDK against that server, without pauses. */
export const reach = (): Reach => ({
  connections: realConnections({ region: "eu-central-1" }),
  clock: systemClock,
  calls: callsWith({ pause: async () => {}, random: () => 0 }),
});
