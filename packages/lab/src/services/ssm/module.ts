import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { type Fields, fields, notModelled, text } from "../input.ts";

/** Parameter Store as far as Nightshift uses it: reading secrets that the stack stored. */
export class Ssm implements ServiceModule {
  readonly service = "ssm";
  readonly mutating: ReadonlySet<string> = new Set();
  readonly #kernel: Kernel;
  readonly #parameters = new Map<string, { readonly value: string; readonly secure: boolean }>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  put(name: string, value: string, secure = true): void {
    this.#parameters.set(name, { value, secure });
  }

  /** Source: "GetParameter", https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html (2026-11-21). */
  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    if (operation === "GetParametersByPath") return this.#byPath(text(request, "Path"), request);
    if (operation !== "GetParameter") throw notModelled("ssm", operation);
    return { Parameter: this.#view(text(request, "Name"), request) };
  }

  /** Ten a page, by name ("GetParametersByPath", same reference). */
  #byPath(path: string, request: Fields): object {
    const under = [...this.#parameters.keys()].filter((name) => name.startsWith(path.endsWith("/") ? path : `${path}/`)).sort();
    const start = Number(request["NextToken"] ?? 0);
    const more = start + 10 < under.length;
    return { Parameters: under.slice(start, start + 10).map((name) => this.#view(name, request)), ...(more ? { NextToken: String(start + 10) } : {}) };
  }

  #view(name: string, request: Fields): object {
    const parameter = this.#parameters.get(name);
    if (!parameter) throw new AwsFault("ParameterNotFound", `Parameter ${name} not found.`, 400);
    // Without decryption a SecureString comes as its ciphertext, which no caller may mistake for the value.
    const value = parameter.secure && request["WithDecryption"] !== true ? `encrypted:${Buffer.from(name).toString("base64")}` : parameter.value;
    const { region, accountId } = this.#kernel;
    return {
      Name: name,
      Type: parameter.secure ? "SecureString" : "String",
      Value: value,
      Version: 1,
      DataType: "text",
      ARN: `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`,
    };
  }
}
