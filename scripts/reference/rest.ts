import { openApi } from '#api';
import { type Entry, entries } from '#contract';
import { code, page, table } from './markdown.ts';
import { memberRows, type Schema, typeOf } from './shapes.ts';

interface Body {
  content?: { 'application/json'?: { schema: Schema } };
}

interface Operation {
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: Body;
  responses: Record<string, Body>;
}

interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const introduction = `Below \`/api/v1\`, with an API key: \`Authorization: Bearer pt_key_…\`. The same as an OpenAPI document: \`/api/v1/openapi.json\`.

- Members are camelCase; unknown ones are refused. Times are ISO 8601 in UTC.
- \`PATCH\` is a merge patch: what is left out stays, \`null\` unsets.
- What has a version answers it as \`ETag\`; with \`If-Match\` a change happens only while it is the same (else 412).
- A \`POST\` with an \`Idempotency-Key\` that is repeated within a day gets the first answer again.
- Lists are ordered, 50 items by default, 1,000 at most; \`nextCursor\` is there while more follow.
- What belongs to an organization that the key does not see is not there: 404.
- Refusals are [problems](problems.md). Beyond those named below every entry can answer \`not-authenticated\`, \`missing-right\`,
  \`not-found\`, \`invalid-request\`, \`too-many-requests\`, \`internal\` and \`unavailable\`.`;

/** Every entry of the REST API: the right it needs, its shapes, its own problems. */
export function restPage(): string {
  const document: OpenApiDocument = JSON.parse(JSON.stringify(openApi('https://portico.example.com')));
  const nouns = Map.groupBy(Object.entries<Entry>(entries), ([name]) => name.split('.')[0] ?? name);
  const shapes = Object.entries(document.components.schemas).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return page(
    '# REST',
    introduction,
    ...[...nouns].flatMap(([noun, list]) => [
      `## ${noun}`,
      ...list.flatMap(([name, entry]) =>
        entryBlocks(name, entry, document.paths[entry.path]?.[entry.method.toLowerCase()]),
      ),
    ]),
    '## Shapes',
    ...shapes.flatMap(([name, schema]) => [`### ${name}`, schema.description ?? '', members(schema)]),
  );
}

function entryBlocks(name: string, entry: Entry, operation: Operation | undefined): string[] {
  if (operation === undefined) throw new Error(`openapi.json has no ${name}`);
  const query = operation.parameters.filter((it) => it.in === 'query');
  const body = operation.requestBody?.content?.['application/json']?.schema;
  const answer = operation.responses[entry.status]?.content?.['application/json']?.schema;
  const right = entry.right === 'signed-in' ? 'Needs no right' : `Needs ${code(entry.right)}`;
  const own = (entry.problems ?? []).map(code).join(', ');
  return [
    `### ${name}`,
    `\`${entry.method} ${entry.path}\``,
    `${entry.summary}. ${right}.${own === '' ? '' : ` Own problems: ${own}.`}`,
    query.length === 0 ? '' : `Query:\n\n${members(queryShape(query))}`,
    body === undefined ? '' : shapeBlock('Body', body),
    answer === undefined ? `Answers ${entry.status} without a body.` : shapeBlock(`Answers ${entry.status}`, answer),
  ];
}

const shapeBlock = (title: string, schema: Schema): string =>
  schema.$ref === undefined ? `${title}:\n\n${members(schema)}` : `${title}: ${typeOf(schema)}.`;

const members = (schema: Schema): string => table(['member', 'type', ''], memberRows(schema));

const queryShape = (query: Operation['parameters']): Schema => ({
  properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
  required: query.flatMap(({ name, required }) => (required ? [name] : [])),
});
