import type { ApiCall } from "@nightshift/lab/boundary/tap";
import type { AwsService } from "@nightshift/lab/kernel";
import { exchangeViolations, operationOf, taskEventViolations } from "./exchange.ts";
import type { ServiceModel, Violation } from "./shape.ts";

/** How often an operation was compared. */
export interface Compared {
  requests: number;
  answers: number;
}

/** Everything compared so far, and every different violation with where it was met first. */
export class Tally {
  readonly services = new Map<AwsService, Map<string, Compared>>();
  readonly wrong = new Map<string, { readonly violation: Violation; readonly where: string; times: number }>();
  taskEvents = 0;
  readonly #model: (service: AwsService) => ServiceModel;

  constructor(model: (service: AwsService) => ServiceModel) {
    this.#model = model;
  }

  /** Compares one call; `where` says who met it. */
  call(call: ApiCall, where: string): void {
    const operations = this.services.get(call.service) ?? new Map<string, Compared>();
    this.services.set(call.service, operations);
    const compared = operations.get(operationOf(call)) ?? { requests: 0, answers: 0 };
    operations.set(operationOf(call), compared);
    compared.requests += 1;
    if (call.error === undefined) compared.answers += 1;
    this.#note(exchangeViolations(this.#model(call.service), call), where);
  }

  /** Compares the detail of an "ECS Task State Change". */
  taskEvent(detail: unknown, where: string): void {
    this.taskEvents += 1;
    this.#note(taskEventViolations(this.#model("ecs"), detail), where);
  }

  get operations(): ReadonlySet<string> {
    return new Set([...this.services.values()].flatMap((operations) => [...operations.keys()]));
  }

  #note(found: readonly Violation[], where: string): void {
    for (const violation of found) {
      const key = `${violation.path} ${violation.expected}`;
      const known = this.wrong.get(key) ?? { violation, where, times: 0 };
      known.times += 1;
      this.wrong.set(key, known);
    }
  }
}
