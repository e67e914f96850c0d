import { buttons } from "@nightshift/model";
import { expect, test } from "vitest";
import { formFor } from "./forms.ts";

test.each([
  ["INC-260314-0314-shop-api-43ab", "shop-api, which this incident is about"],
  ["INC-260314-0314-shop-api", "shop-api, which this incident is about"],
  ["INC-260314-0314-shop", "shop, which this incident is about"],
  ["INC-260314-0314-orders-db-43ab", "The one this incident is about"],
  ["INC-260314-0314-shop-api-43ab-storm", "The one this incident is about"],
])("the form of a rollback names the service of %s, and only shows what would be done unless somebody says otherwise", (incident, says) => {
  const form = formFor(buttons.rollback, { incident, context: "{}", names: { services: ["shop", "shop-api"], people: [] } });
  const [service, , how] = form?.fields ?? [];
  expect(service).toMatchObject({ initial: "incident" });
  expect(service?.kind === "choice" ? service.options[0] : undefined).toEqual(["incident", says]);
  expect(how).toMatchObject({
    initial: "dry-run",
    options: [
      ["dry-run", "Dry run: only show what would be done"],
      ["do", "Do it, once it is approved"],
    ],
  });
});
