import type { EpochMs, Ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { LabAccount } from "../account.ts";
import type { Installed } from "../install.ts";
import { slashRequest } from "../slack/people.ts";
import type { Deployed, DeploySpec, LabWorld, ProductSpec, ServiceHandle } from "../world/index.ts";

/** What a scenario is played on: the account, its world, and what the scenario did to it, for the checkers. */
export class Stage {
  readonly lab: LabAccount;
  readonly world: LabWorld;
  /** Deployments that the scenario says are bad. */
  readonly bad: Deployed[] = [];
  readonly deployed: Deployed[] = [];
  readonly services = new Map<string, ServiceHandle>();
  /** The first moment of the story. */
  readonly startedAt: EpochMs;
  readonly #desired = new Map<string, number>();
  readonly #installed: () => Installed;

  /** `installed` is asked when somebody acts, which is after the installation. */
  constructor(lab: LabAccount, world: LabWorld, installed: () => Installed) {
    this.lab = lab;
    this.world = world;
    this.#installed = installed;
    this.startedAt = lab.clock.now();
  }

  /** Adds a product and remembers its services. */
  product(spec: ProductSpec): Readonly<Record<string, ServiceHandle>> {
    const handles = this.world.product(spec);
    for (const handle of Object.values(handles)) {
      this.services.set(handle.name, handle);
      this.#desired.set(handle.name, this.world.desired(handle.name));
    }
    return handles;
  }

  /** How many tasks a service was meant to have when the story began. */
  initialDesired(service: string): number {
    return this.#desired.get(service) ?? 0;
  }

  /** Runs `happening` this long after now. */
  at(after: Ms, happening: () => void): void {
    this.lab.clock.in(after, happening);
  }

  /** A deployment; `bad` says that it is to blame for what follows. */
  deploy(service: string, spec: DeploySpec & { readonly bad?: boolean } = {}): Deployed {
    const { bad, ...release } = spec;
    const deployed = this.world.deploy(service, release);
    this.deployed.push(deployed);
    if (bad === true) this.bad.push(deployed);
    return deployed;
  }

  /** A person acts this long after now, through the same ports as the command line. */
  person(name: string, after: Ms, acts: (world: World) => Promise<unknown>): void {
    this.at(after, () => this.#try(name, acts(this.#installed().asPerson(name))));
  }

  /** A person writes `/ops …` this long after now; the request is signed and goes through the door as Slack would send it. */
  slash(user: string, after: Ms, text: string): void {
    const channel = "C0456EFGH";
    this.at(after, () => {
      const { slackDoor: door } = this.#installed();
      const request = slashRequest(this.lab.slack, { user, channel, text }, { at: this.now(), secret: door.signingSecret });
      this.#try(user, door.deliver(request));
    });
  }

  #try(name: string, act: Promise<unknown>): void {
    act.catch((error: unknown) => {
      const because = error instanceof Error ? error.message : String(error);
      this.lab.kernel.record({ kind: "world", what: "person-failed", about: name, detail: { because } });
    });
  }

  now(): EpochMs {
    return this.lab.clock.now();
  }
}
