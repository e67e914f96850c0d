/** One call to the store, and what it answers: fields that must be there, or the name of the error. */
export interface StoreCase {
  readonly says: string;
  readonly operation: "Get" | "Put" | "Update" | "Delete" | "Query" | "BatchGet" | "BatchWrite";
  readonly input: Readonly<Record<string, unknown>>;
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly refuses?: string;
}

const T = { TableName: "ttt" };
const key = (sk: string): object => ({ pk: "p", sk });
const failed = "ConditionalCheckFailedException";
const invalid = "ValidationException";

const put = (says: string, item: object, more: object = {}, refuses?: string): StoreCase => ({
  says,
  operation: "Put",
  input: { ...T, Item: { pk: "p", ...item }, ...more },
  ...(refuses === undefined ? { answers: {} } : { refuses }),
});
const get = (says: string, sk: string, item: object | undefined, more: object = {}): StoreCase => ({
  says,
  operation: "Get",
  input: { ...T, Key: key(sk), ...more },
  answers: item ? { Item: item } : {},
});
const update = (says: string, sk: string, change: object, outcome: object | string): StoreCase => ({
  says,
  operation: "Update",
  input: { ...T, Key: key(sk), ReturnValues: "ALL_NEW", ...change },
  ...(typeof outcome === "string" ? { refuses: outcome } : { answers: { Attributes: { pk: "p", sk, ...outcome } } }),
});
const set = (expression: string, values?: object, names?: object): object => ({
  UpdateExpression: expression,
  ...(values ? { ExpressionAttributeValues: values } : {}),
  ...(names ? { ExpressionAttributeNames: names } : {}),
});
const query = (says: string, more: object, answers: Readonly<Record<string, unknown>> | string): StoreCase => ({
  says,
  operation: "Query",
  input: { ...T, ProjectionExpression: "sk", KeyConditionExpression: "pk = :p", ...more },
  ...(typeof answers === "string" ? { refuses: answers } : { answers }),
});
const found = (...sks: readonly string[]): Readonly<Record<string, unknown>> => ({ Items: sks.map((sk) => ({ sk })) });

/** Calls in order against a table `ttt` with keys `pk` and `sk`; the lab's store and dynalite both answer them so. */
export const storeCases: readonly StoreCase[] = [
  get("nothing is there at first", "a", undefined),
  put("an item is put", { sk: "a", n: 1, ls: [1, { x: "y" }], mp: { deep: { er: true } }, nothing: null, tags: new Set(["r", "g"]) }),
  get("and read back whole", "a", { pk: "p", sk: "a", n: 1, ls: [1, { x: "y" }], mp: { deep: { er: true } }, nothing: null, tags: new Set(["g", "r"]) }),
  get(
    "or in part",
    "a",
    { n: 1, mp: { deep: { er: true } }, ls: [{ x: "y" }] },
    { ProjectionExpression: "n, #m.deep, ls[1]", ExpressionAttributeNames: { "#m": "mp" } },
  ),
  put("a claim is refused when somebody was first", { sk: "a" }, { ConditionExpression: "attribute_not_exists(pk)" }, failed),
  put("and granted when nobody was", { sk: "b", n: 2, "count-of": 5 }, { ConditionExpression: "attribute_not_exists(pk)" }),
  put("a version guards a replacement", { sk: "b", n: 3 }, { ConditionExpression: "n = :n", ExpressionAttributeValues: { ":n": 2 } }),
  put("and refuses an old one", { sk: "b", n: 4 }, { ConditionExpression: "n = :n", ExpressionAttributeValues: { ":n": 2 } }, failed),
  put(
    "conditions combine",
    { sk: "b", n: 4 },
    { ConditionExpression: "(n < :two OR n >= :three) AND NOT attribute_exists(gone)", ExpressionAttributeValues: { ":two": 2, ":three": 3 } },
  ),
  put(
    "between, in and functions",
    { sk: "b", n: 4, s: "hello", l: ["x"] },
    { ConditionExpression: "n BETWEEN :a AND :b AND n IN (:a, :b) AND attribute_type(n, :t)", ExpressionAttributeValues: { ":a": 4, ":b": 9, ":t": "N" } },
  ),
  put(
    "begins_with, contains and size",
    { sk: "b", n: 4 },
    {
      ConditionExpression: "begins_with(s, :h) AND contains(l, :x) AND contains(s, :h) AND size(s) = :five",
      ExpressionAttributeValues: { ":h": "hell", ":x": "x", ":five": 5 },
    },
  ),
  put("a missing attribute has no order", { sk: "b" }, { ConditionExpression: "lacking < :a", ExpressionAttributeValues: { ":a": 4 } }, failed),
  put("types do not compare", { sk: "b" }, { ConditionExpression: "n < :a", ExpressionAttributeValues: { ":a": "9" } }, failed),
  put("a reserved word needs a placeholder", { sk: "b" }, { ConditionExpression: "status = :a", ExpressionAttributeValues: { ":a": 4 } }, invalid),
  put("an unused value is refused", { sk: "b" }, { ConditionExpression: "attribute_exists(pk)", ExpressionAttributeValues: { ":a": 4 } }, invalid),
  put("an unknown value is refused", { sk: "b" }, { ConditionExpression: "n = :zz", ExpressionAttributeValues: { ":a": 4 } }, invalid),
  put("a broken expression is refused", { sk: "b" }, { ConditionExpression: "n = = :a", ExpressionAttributeValues: { ":a": 4 } }, invalid),
  put("an item without its key is refused", { n: 1 }, {}, invalid),
  put("an empty key is refused", { sk: "" }, {}, invalid),
  put("an item of more than 400 KB is refused", { sk: "big", s: "x".repeat(410_000) }, {}, invalid),
  {
    says: "a put returns what stood there",
    operation: "Put",
    input: { ...T, Item: { pk: "p", sk: "b", n: 5 }, ReturnValues: "ALL_OLD" },
    answers: { Attributes: { pk: "p", sk: "b", n: 4 } },
  },

  update("an update makes an item", "u", set("SET a = :a, b = :b", { ":a": 1, ":b": [1] }), { a: 1, b: [1] }),
  update(
    "sums, defaults and appended lists",
    "u",
    set("SET a = a + :one, c = if_not_exists(c, :zero) + :one, b = list_append(b, :more)", { ":one": 1, ":zero": 0, ":more": [2] }),
    { a: 2, b: [1, 2], c: 1 },
  ),
  update("the right side sees the item before the update", "u", set("SET a = c, c = a"), { a: 1, b: [1, 2], c: 2 }),
  update("differences", "u", set("SET a = c - :one", { ":one": 1 }), { a: 1, b: [1, 2], c: 2 }),
  update("nested paths and list places", "u", set("SET m = :m REMOVE b[0]", { ":m": { x: 1 } }), { a: 1, b: [2], c: 2, m: { x: 1 } }),
  update("a field of a map", "u", set("SET m.#y = :y, b[0] = :y, b[9] = :z", { ":y": "y", ":z": "z" }, { "#y": "y" }), {
    a: 1,
    b: ["y", "z"],
    c: 2,
    m: { x: 1, y: "y" },
  }),
  update("a path whose parent is not there is refused", "u", set("SET nope.x = :y", { ":y": 1 }), invalid),
  update("ADD counts and collects", "u", set("ADD a :five, tags :t REMOVE b, m, c", { ":five": 5, ":t": new Set(["x"]) }), { a: 6, tags: new Set(["x"]) }),
  update("ADD starts from nothing", "u", set("ADD k :five, tags :t", { ":five": 5, ":t": new Set(["y"]) }), { a: 6, k: 5, tags: new Set(["x", "y"]) }),
  update("DELETE takes from a set", "u", set("DELETE tags :t", { ":t": new Set(["x", "q"]) }), { a: 6, k: 5, tags: new Set(["y"]) }),
  update("an emptied set goes", "u", set("DELETE tags :t", { ":t": new Set(["y"]) }), { a: 6, k: 5 }),
  update("a key cannot be changed", "u", set("SET sk = :x", { ":x": "v" }), invalid),
  update("overlapping paths are refused", "u", set("SET a = :x, a = :x", { ":x": 1 }), invalid),
  update("text has no sum", "u", set("SET a = a + :x", { ":x": "1" }), invalid),
  update("an absent operand is refused", "u", set("SET a = lacking + :x", { ":x": 1 }), invalid),
  update("an update may be conditional", "u", { ...set("SET a = :x", { ":x": 1 }), ConditionExpression: "a = :x" }, failed),
  update("a condition on nothing fails", "nobody", { ...set("SET a = :x", { ":x": 1 }), ConditionExpression: "attribute_exists(pk)" }, failed),
  {
    says: "only what was updated comes back",
    operation: "Update",
    input: { ...T, Key: key("u"), ReturnValues: "UPDATED_NEW", ...set("SET z = :z", { ":z": 1 }) },
    answers: { Attributes: { z: 1 } },
  },
  { says: "a key with a stranger in it is refused", operation: "Get", input: { ...T, Key: { pk: "p", sk: "a", x: "1" } }, refuses: invalid },
  {
    says: "a table that is not there is refused",
    operation: "Get",
    input: { TableName: "nope", Key: { pk: "p", sk: "a" } },
    refuses: "ResourceNotFoundException",
  },
  {
    says: "a delete returns what stood there",
    operation: "Delete",
    input: { ...T, Key: key("u"), ReturnValues: "ALL_OLD" },
    answers: { Attributes: { pk: "p", sk: "u", a: 6, k: 5, z: 1 } },
  },
  {
    says: "a delete may be conditional",
    operation: "Delete",
    input: { ...T, Key: key("a"), ConditionExpression: "n = :n", ExpressionAttributeValues: { ":n": 9 } },
    refuses: failed,
  },
  { says: "deleting nothing is fine", operation: "Delete", input: { ...T, Key: key("u") }, answers: {} },

  {
    says: "a batch writes",
    operation: "BatchWrite",
    input: {
      RequestItems: {
        ttt: [...["q#1", "q#2", "q#3", "r#1"].map((sk, i) => ({ PutRequest: { Item: { pk: "p", sk, i } } })), { DeleteRequest: { Key: key("b") } }],
      },
    },
    answers: { UnprocessedItems: {} },
  },
  {
    says: "a batch with a key twice is refused",
    operation: "BatchWrite",
    input: { RequestItems: { ttt: [{ DeleteRequest: { Key: key("b") } }, { DeleteRequest: { Key: key("b") } }] } },
    refuses: invalid,
  },
  {
    says: "a batch reads what is there",
    operation: "BatchGet",
    input: { RequestItems: { ttt: { Keys: [key("q#2"), key("nobody")] } } },
    answers: { Responses: { ttt: [{ pk: "p", sk: "q#2", i: 1 }] } },
  },
  query("a partition comes sorted", { ExpressionAttributeValues: { ":p": "p" } }, found("a", "q#1", "q#2", "q#3", "r#1")),
  query("or backwards", { ScanIndexForward: false, ExpressionAttributeValues: { ":p": "p" } }, found("r#1", "q#3", "q#2", "q#1", "a")),
  query(
    "by the beginning of the sort key",
    { KeyConditionExpression: "pk = :p AND begins_with(sk, :q)", ExpressionAttributeValues: { ":p": "p", ":q": "q#" } },
    found("q#1", "q#2", "q#3"),
  ),
  query(
    "by range",
    { KeyConditionExpression: "pk = :p AND sk BETWEEN :a AND :b", ExpressionAttributeValues: { ":p": "p", ":a": "q#2", ":b": "r#1" } },
    found("q#2", "q#3", "r#1"),
  ),
  query("below", { KeyConditionExpression: "pk = :p AND sk < :a", ExpressionAttributeValues: { ":p": "p", ":a": "q#2" } }, found("a", "q#1")),
  query("from", { KeyConditionExpression: "sk >= :a AND pk = :p", ExpressionAttributeValues: { ":p": "p", ":a": "q#3" } }, found("q#3", "r#1")),
  query(
    "a page names its last item",
    { Limit: 2, ExpressionAttributeValues: { ":p": "p" } },
    { ...found("a", "q#1"), LastEvaluatedKey: { pk: "p", sk: "q#1" }, Count: 2 },
  ),
  query(
    "and the next page goes on",
    { Limit: 9, ExclusiveStartKey: key("q#1"), ExpressionAttributeValues: { ":p": "p" } },
    { ...found("q#2", "q#3", "r#1"), Count: 3 },
  ),
  query(
    "backwards too",
    { Limit: 2, ScanIndexForward: false, ExclusiveStartKey: key("q#3"), ExpressionAttributeValues: { ":p": "p" } },
    { ...found("q#2", "q#1"), LastEvaluatedKey: { pk: "p", sk: "q#1" } },
  ),
  query(
    "a filter works after the limit",
    {
      Limit: 2,
      FilterExpression: "i > :zero",
      KeyConditionExpression: "pk = :p AND begins_with(sk, :q)",
      ExpressionAttributeValues: { ":p": "p", ":zero": 0, ":q": "q" },
    },
    { ...found("q#2"), Count: 1, ScannedCount: 2 },
  ),
  query("an empty partition", { ExpressionAttributeValues: { ":p": "nobody" } }, { Items: [], Count: 0, ScannedCount: 0 }),
  query("a query without its partition is refused", { KeyConditionExpression: "sk = :p", ExpressionAttributeValues: { ":p": "a" } }, invalid),
  query("a key condition takes no OR", { KeyConditionExpression: "pk = :p OR sk = :p", ExpressionAttributeValues: { ":p": "p" } }, invalid),
];
