import { expect, it } from "vitest";
import { rememberedDefinitions } from "./definitions.ts";
import { answering, awsError } from "./testing/answering.ts";
import { definitionSample } from "./testing/ecs-samples.ts";

it("forty task definitions are remembered; with the forty-first the oldest is read again", async () => {
  const { reach, sent } = answering({ DescribeTaskDefinition: () => ({ taskDefinition: definitionSample() }) });
  const definition = rememberedDefinitions(reach);
  for (let n = 1; n <= 40; n += 1) await definition(`api:${n}`);
  await definition("api:1");
  expect(sent.length).toBe(40);
  await definition("api:41");
  await definition("api:2");
  expect(sent.length).toBe(41);
  await definition("api:1");
  expect(sent.length).toBe(42);
});

it("one that could not be read is asked for again", async () => {
  let gone = true;
  const { reach } = answering({
    DescribeTaskDefinition: () => {
      if (gone) throw awsError("ClientException", 400, { message: "Unable to describe task definition." });
      return { taskDefinition: definitionSample() };
    },
  });
  const definition = rememberedDefinitions(reach);
  await expect(definition("api:1")).rejects.toMatchObject({ kind: "not-found" });
  gone = false;
  expect((await definition("api:1")).definition.family).toBe("api");
});
