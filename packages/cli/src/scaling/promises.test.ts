import { smallestPromise as decided } from "@nightshift/decide/scaling/smallest-promise";
import { seconds, smallestPromise } from "@nightshift/model";
import { expect, test } from "vitest";

test.each([
  [0, 60, 80_000],
  [0, 30, 50_000],
  [1, 60, 15_000],
  [10, 600, 15_000],
])("with min %i and starts of %i s the config refuses what the decision could not keep", (min, start, least) => {
  const settings = { min, startTime: seconds(start) };
  expect([smallestPromise(settings), decided(settings)]).toEqual([least, least]);
});
