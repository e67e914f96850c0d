import { isList, isMap, isSet, type Item, remembered, typeOf, type Value } from "./expressions/values.ts";

/** A value as DynamoDB's wire and streams write it: `{ S: "x" }`, `{ N: "1" }`. */
export const marshalled = remembered(onWire);

function onWire(value: Value): Readonly<Record<string, unknown>> {
  const type = typeOf(value);
  if (type === "NULL") return { NULL: true };
  if (type === "N") return { N: String(value) };
  if (isSet(value)) return { [type]: [...value].map((one) => (type === "NS" ? String(one) : one)) };
  if (isList(value)) return { L: value.map(marshalled) };
  if (isMap(value)) return { M: marshalledItem(value) };
  return { [type]: value };
}

/** An item as a stream record holds it. */
export const marshalledItem = (item: Item | { readonly [name: string]: Value }): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, marshalled(value)]));
