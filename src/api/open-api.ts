import { z } from 'zod';
import { type Entry, entries, type ProblemName, problems, problemType } from '#contract';

type Json = Record<string, unknown>;

/** Problems that every entry can answer. */
const everywhere: readonly ProblemName[] = [
  'not-authenticated',
  'missing-right',
  'not-found',
  'too-many-requests',
  'internal',
  'unavailable',
];

/** The OpenAPI 3.1 document of the REST API, made from the contract. */
export function openApi(publicUrl: string): Json {
  const schemas: Json = { Problem: problemSchema };
  const paths: Record<string, Json> = {};
  for (const [name, entry] of Object.entries(entries)) {
    paths[entry.path] = { ...paths[entry.path], [entry.method.toLowerCase()]: operation(name, entry, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portico',
      version: '1',
      description: "Sign-in, users and groups, and mail from customers' Microsoft Entra tenants.",
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ key: [] }],
    paths,
    components: { schemas, securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'an API key' } } },
  };
}

function operation(name: string, entry: Entry, schemas: Json): Json {
  const inPath = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = entry.query === undefined ? undefined : schemaOf(entry.query, 'input', schemas);
  const required = new Set(Array.isArray(query?.['required']) ? query['required'] : []);
  const inQuery = Object.entries((query?.['properties'] as Json | undefined) ?? {}).map(([parameter, schema]) => ({
    name: parameter,
    in: 'query',
    required: required.has(parameter),
    schema,
  }));
  return {
    operationId: name,
    summary: entry.summary,
    description:
      entry.right === 'signed-in' ? 'Needs no right beyond being signed in.' : `Needs the right \`${entry.right}\`.`,
    tags: [name.split('.')[0]],
    parameters: [...inPath, ...inQuery],
    ...(entry.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(entry.body, 'input', schemas) } },
          },
        }),
    responses: {
      [entry.status]: {
        description: 'done',
        ...(entry.answer === undefined
          ? {}
          : { content: { 'application/json': { schema: schemaOf(entry.answer, 'output', schemas) } } }),
      },
      ...refusals(entry),
    },
  };
}

function refusals(entry: Entry): Json {
  const own: ProblemName[] =
    entry.body === undefined ? [] : ['invalid-request', 'malformed-json', 'too-large', 'unsupported-media-type'];
  const names = [
    ...everywhere,
    ...own,
    ...(entry.query === undefined ? [] : (['invalid-request'] as const)),
    ...(entry.problems ?? []),
  ];
  const byStatus = Map.groupBy(new Set(names), (name) => problems[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [
      status,
      {
        description: those.map((name) => `${problemType(name)}: ${problems[name].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** The JSON Schema of a shape; shapes with a name of their own go into the components. */
function schemaOf(shape: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const made = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const {
    $schema: _,
    $defs,
    id,
    ...schema
  }: { $schema?: unknown; $defs?: Json; id?: string } & Json = JSON.parse(text);
  for (const [key, { id: _id, ...definition }] of Object.entries(($defs ?? {}) as Record<string, Json>))
    schemas[key] = definition;
  if (id === undefined) return schema;
  schemas[id] = schema;
  return { $ref: `#/components/schemas/${id}` };
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'requestId'],
  properties: {
    type: { type: 'string', enum: Object.keys(problems).map((name) => problemType(name as ProblemName)) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'what happened' },
    remedy: { type: 'string', description: 'what to do next' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'detail'],
        properties: { field: { type: 'string' }, detail: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
};
