import * as z from "zod/mini";
import { choiceOf, countOf, leaf, lengthOf, objectOf, textOf } from "../kinds.ts";
import { ms, seconds } from "../units.ts";

const expected = "an http:// or https:// address that a function in AWS can reach";

function judgeUrl(value: unknown): { expected: string; remedy: string } | undefined {
  if (typeof value !== "string" || !URL.canParse(value)) return { expected, remedy: 'write a whole address, for example "https://api.example.com/health"' };
  const url = new URL(value);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return { expected, remedy: `${url.protocol}// cannot be asked: let an endpoint of the app reach the database or cache and test that endpoint` };
  if (url.username !== "" || url.password !== "")
    return { expected: "an address without user name and password", remedy: "give the app an open health endpoint: a config is not a place for secrets" };
  if (/^(localhost|127\.|0\.0\.0\.0|169\.254\.|\[::1\])/.test(url.hostname))
    return { expected, remedy: "use the name that the load balancer answers to: Nightshift runs in AWS, not on this machine" };
  return undefined;
}

/** An HTTP(S) request with expectations (decision 11). */
export const smokeTest = objectOf({
  name: textOf({
    says: "How messages call it; the method and address when absent.",
    pattern: /\S/,
    expected: "a name",
    remedy: "leave it out to use the address",
  }),
  url: leaf<string>({ says: "Address to ask.", unit: "text", bounds: expected }, judgeUrl),
  method: z._default(choiceOf("How to ask; `POST` is sent without a body and must be harmless.", ["GET", "HEAD", "POST"]), "GET"),
  status: z._default(countOf({ says: "Status expected.", from: 100, to: 599, unit: "HTTP status" }), 200),
  json: z.optional(
    objectOf({
      path: textOf({
        says: "Dotted path into a JSON answer.",
        pattern: /^[^.\s]+(\.[^.\s]+)*$/,
        expected: "a dotted path such as checks.database",
        remedy: "name the fields from the outside in, with dots",
      }),
      equals: leaf<string | number | boolean | null>({ says: "The literal expected there.", unit: "text, number, true, false or null" }, (value) =>
        value === null || ["string", "number", "boolean"].includes(typeof value)
          ? undefined
          : { expected: "a text, a number, true, false or null", remedy: "compare one field: lists and objects are not compared" },
      ),
    }),
  ),
  within: z._default(lengthOf({ says: "How long an answer may take.", from: ms(50), to: seconds(10) }), seconds(5)),
});
