import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Doc } from "@nightshift/aws/ledger/index";

type Input = Readonly<Record<string, unknown>>;

/** A failure for the next call of one command, before or after it took effect. */
export interface Fault {
  readonly command: string;
  readonly applied: boolean;
  readonly error: Error;
}

/** A document client that writes down every call and can be told to fail, over a real engine; and rows by hand. */
export function watched(doc: DynamoDBDocumentClient) {
  const calls: string[] = [];
  const inputs: Input[] = [];
  const faults: Fault[] = [];
  const send = async (command: { readonly input: Input }): Promise<unknown> => {
    const name = command.constructor.name;
    calls.push(`${name} ${String(command.input["TableName"])}`);
    inputs.push(command.input);
    const fault = faults[0]?.command === name ? faults.shift() : undefined;
    if (fault?.applied === false) throw fault.error;
    // The client's overloads name every command; ours passes on whichever came.
    const answer: unknown = await doc.send(command as unknown as GetCommand);
    if (fault !== undefined) throw fault.error;
    return answer;
  };
  return {
    // One untyped `send` stands for all overloads of the client's.
    doc: { send } as unknown as Doc,
    calls,
    inputs,
    fail: (fault: Fault) => void faults.push(fault),
    row: async (table: string, pk: string, sk: string) => (await doc.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item,
    put: (table: string, row: Input) => doc.send(new PutCommand({ TableName: table, Item: { ...row } })),
    remove: (table: string, pk: string, sk: string) => doc.send(new DeleteCommand({ TableName: table, Key: { pk, sk } })),
    rows: async (table: string) => (await doc.send(new ScanCommand({ TableName: table }))).Items ?? [],
  };
}
