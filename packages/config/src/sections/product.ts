import * as z from "zod/mini";
import { choiceOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";

/** The words for how much Nightshift may do by itself (decision 2). */
export const modes = ["shadow", "ask", "auto"] as const;

export const product = section({
  title: "Product",
  says: "What this config is about; one product per config and stage.",
  schema: textOf({
    says: "The product's name; it heads every message and names every resource.",
    pattern: /^[a-z][a-z0-9-]{0,23}$/,
    expected: "1 to 24 small letters, digits and hyphens, a letter first",
    remedy: 'write a short name, for example "shop"',
  }),
});

export const mode = section({
  title: "Mode",
  says: "How much Nightshift may do by itself; a service may say otherwise.",
  schema: z._default(choiceOf("`shadow` says what it would have done, `ask` acts after a person's word, `auto` acts on proof and tells.", modes), "shadow"),
});

/** The form of a region's name. */
export const regionName = (says: string) =>
  textOf({
    says,
    pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
    expected: "a region such as eu-central-1",
    remedy: 'write "eu-central-1", "us-east-1" …',
  });

export const region = section({
  title: "Region",
  says: "Where the services run; events and calls of another region are refused. The region of the deployment when absent.",
  schema: z.optional(regionName("AWS region of the services.")),
});

export const account = section({
  title: "Account",
  says: "The account that the services run in, twelve digits; events and calls of another account are refused. The account of the deployment when absent.",
  schema: z.optional(
    textOf({
      says: "AWS account id.",
      pattern: /^\d{12}$/,
      expected: "12 digits, as a text",
      remedy: 'write "123456789012", in quotes: a number would lose leading zeros',
    }),
  ),
});
