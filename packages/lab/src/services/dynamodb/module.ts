import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { type Fields, fields, maybeNumber, maybeText, notModelled, text } from "../input.ts";
import { TableBackups } from "./backups.ts";
import { batchGet, batchWrite } from "./batch.ts";
import { malformed } from "./expressions/tokens.ts";
import { applyUpdate, parseUpdate } from "./expressions/update.ts";
import { type Item, same } from "./expressions/values.ts";
import { pick, query } from "./query.ts";
import { conditionOf, enforce, itemIn, placeholdersOf, projected } from "./request.ts";
import { Table, type TableSettings } from "./table.ts";

/**
 * DynamoDB at the document client's level: the lib-dynamodb commands without `Command`, with DynamoDB's own error names.
 * Reads are always consistent. It passes the same contract suite as dynalite (decision 17).
 */
export class Dynamo implements ServiceModule {
  readonly service = "dynamodb";
  readonly mutating = new Set(["Put", "Update", "Delete", "BatchWrite", "CreateBackup", "DeleteBackup"]);
  /** The team's own tables, of which only the backups matter; absent where the account has no clock to date them. */
  readonly backups: TableBackups | undefined;
  /** True for a batch element that this answer leaves unprocessed; never by default. */
  leaveUnprocessed: () => boolean = () => false;
  readonly #tables = new Map<string, Table>();

  constructor(kernel?: Kernel) {
    this.backups = kernel && new TableBackups(kernel);
  }

  create(settings: TableSettings): Table {
    const table = new Table(settings);
    this.#tables.set(settings.name, table);
    return table;
  }

  /** @throws AwsFault ResourceNotFoundException. */
  table(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw new AwsFault("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
    return table;
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    const ofBackups = this.backups?.handle(operation, request);
    if (ofBackups !== undefined) return ofBackups;
    if (operation === "BatchGet") return batchGet((name) => this.table(name), request, this.leaveUnprocessed);
    if (operation === "BatchWrite") return batchWrite((name) => this.table(name), request, this.leaveUnprocessed);
    const table = this.table(text(request, "TableName"));
    switch (operation) {
      case "Get":
        return get(table, request);
      case "Put":
        return put(table, request);
      case "Update":
        return update(table, request);
      case "Delete":
        return remove(table, request);
      case "Query":
        return ask(table, request);
      default:
        throw notModelled("dynamodb", operation);
    }
  }
}

function get(table: Table, request: Fields): object {
  const placeholders = placeholdersOf(request);
  const item = table.get(itemIn(request, "Key"));
  const shown = item && projected(item, request, placeholders);
  if (item) placeholders.checkAllUsed();
  return shown ? { Item: shown } : {};
}

function put(table: Table, request: Fields): object {
  const item = itemIn(request, "Item");
  const key = table.keyOf(item);
  const placeholders = placeholdersOf(request);
  const condition = conditionOf(request, placeholders);
  placeholders.checkAllUsed();
  enforce(condition, table.get(key), request);
  return returned(request, ["NONE", "ALL_OLD"], { before: table.set(key, item) });
}

function remove(table: Table, request: Fields): object {
  const key = table.checkKey(itemIn(request, "Key"));
  const placeholders = placeholdersOf(request);
  const condition = conditionOf(request, placeholders);
  placeholders.checkAllUsed();
  enforce(condition, table.get(key), request);
  return returned(request, ["NONE", "ALL_OLD"], { before: table.set(key, undefined) });
}

function update(table: Table, request: Fields): object {
  const key = table.checkKey(itemIn(request, "Key"));
  const placeholders = placeholdersOf(request);
  const condition = conditionOf(request, placeholders);
  const expression = maybeText(request, "UpdateExpression");
  const parsed = expression === undefined ? { changes: [] } : parseUpdate(expression, placeholders);
  placeholders.checkAllUsed();
  const before = table.get(key);
  enforce(condition, before, request);
  const touched = [...new Set(parsed.changes.map((change) => String(change.path[0])))];
  const keyName = touched.find((name) => table.keyNames.includes(name));
  if (keyName !== undefined)
    throw malformed(`One or more parameter values were invalid: Cannot update attribute ${keyName}. This attribute is part of the key`);
  const after = applyUpdate(parsed, before ?? key);
  table.set(key, after);
  return returned(request, ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"], { before, after, touched });
}

function returned(
  request: Fields,
  allowed: readonly string[],
  states: { readonly before: Item | undefined; readonly after?: Item; readonly touched?: readonly string[] },
): object {
  const asked = maybeText(request, "ReturnValues") ?? "NONE";
  if (!allowed.includes(asked)) throw malformed(`Return values set to invalid value: ${asked}`);
  const state = asked.endsWith("_NEW") ? states.after : states.before;
  if (asked === "NONE" || !state) return {};
  const shown = asked.startsWith("UPDATED") ? pick(state, states.touched ?? []) : state;
  return same(shown, {}) ? {} : { Attributes: shown };
}

function ask(table: Table, request: Fields): object {
  const placeholders = placeholdersOf(request);
  const projection = maybeText(request, "ProjectionExpression");
  // Read once beforehand, so that its placeholders count as used.
  if (projection !== undefined) projected({}, request, placeholders);
  const limit = maybeNumber(request, "Limit");
  if (limit !== undefined && limit < 1) throw malformed("Limit must be greater than or equal to 1");
  const page = query(
    table,
    {
      keyCondition: text(request, "KeyConditionExpression"),
      filter: maybeText(request, "FilterExpression"),
      index: maybeText(request, "IndexName"),
      limit,
      forward: request["ScanIndexForward"] !== false,
      startAfter: request["ExclusiveStartKey"] === undefined ? undefined : itemIn(request, "ExclusiveStartKey"),
    },
    placeholders,
  );
  const items = page.items.map((item) => projected(item, request, placeholders));
  const counted = { Count: items.length, ScannedCount: page.scanned };
  const answer = request["Select"] === "COUNT" ? counted : { Items: items, ...counted };
  return page.last ? { ...answer, LastEvaluatedKey: page.last } : answer;
}
