import { createHash } from 'node:crypto';
import type { JobSettings } from './job.ts';
import { type SourceAttribute, sourceAttributes } from './source-attributes.ts';
import { pathOf, userMapping } from './user-mapping.ts';

type Json = Readonly<Record<string, unknown>>;

/** Something in a schema that the provisioning service refuses. */
export class SchemaRefusal extends Error {}

const userType = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The id of a job's rule, the same as long as there is the job. */
export function ruleIdOf(jobId: string): string {
  const hex = createHash('sha256').update(jobId).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

/** The mapping of a job as Graph shows it where nobody changed it (synchronizationSchema). */
export function defaultSchema(jobId: string, { matching, mapping }: JobSettings): Json {
  return {
    id: jobId,
    version: 'v1.0',
    provisioningTaskIdentifier: null,
    directories: [
      { id: 'aad', name: 'Azure Active Directory', readOnly: true, objects: sourceObjects },
      { id: 'customappsso', name: 'customappsso', readOnly: false, objects: targetObjects },
    ],
    synchronizationRules: [
      {
        id: ruleIdOf(jobId),
        name: 'USER_INBOUND_USER',
        editable: true,
        priority: 1,
        sourceDirectoryName: 'Azure Active Directory',
        targetDirectoryName: 'customappsso',
        metadata: [],
        objectMappings: [
          {
            enabled: true,
            flowTypes: 'Add, Update, Delete',
            name: 'Synchronize Azure Active Directory Groups to customappsso',
            sourceObjectName: 'Group',
            targetObjectName: 'urn:ietf:params:scim:schemas:core:2.0:Group',
            scope: null,
            attributeMappings: [
              attribute('displayName', '[displayName]', matching.group === 'displayName' ? 1 : 0),
              attribute('externalId', '[objectId]', matching.group === 'externalId' ? 1 : 0),
              attribute('members', '[members]', 0),
            ],
          },
          {
            enabled: true,
            flowTypes: 'Add, Update, Delete',
            name: 'Synchronize Azure Active Directory Users to customappsso',
            sourceObjectName: 'User',
            targetObjectName: userType,
            scope: null,
            attributeMappings: [
              ...userMapping.map((row) => {
                const path = pathOf(row);
                const source = path === 'externalId' ? `[${mapping.externalId}]` : row.source;
                return attribute(path, source, matching.user === path ? 1 : 0);
              }),
              attribute(`${userType}:manager`, '[manager]', 0),
            ],
          },
        ],
      },
    ],
  };
}

const objectsOf = (names: readonly string[]): Json[] =>
  names.map((name) => ({
    name,
    type: 'String',
    anchor: false,
    caseExact: false,
    mutability: 'ReadWrite',
    required: false,
  }));
const sourceObjects = [{ name: 'User', attributes: objectsOf(Object.keys(sourceAttributes)) }];
const targetObjects = [{ name: userType, attributes: objectsOf(userMapping.map(pathOf)) }];

function attribute(targetAttributeName: string, expression: string, matchingPriority: number): Json {
  const name = attributeOf(expression);
  return {
    defaultValue: '',
    exportMissingReferences: false,
    flowBehavior: 'FlowWhenChanged',
    flowType: 'Always',
    matchingPriority,
    source: {
      expression,
      name: name ?? expression,
      parameters: [],
      type: name === undefined ? 'Function' : 'Attribute',
    },
    targetAttributeName,
  };
}

/** The attribute of an expression that is nothing else: `[mailNickname]`. */
const attributeOf = (expression: string): string | undefined => /^\[(\w+)\]$/.exec(expression)?.[1];

/**
 * What a schema that was written means for the job: which attribute goes where, which are not mapped, by what users are
 * matched. Functions are kept where they are the default ones. Throws SchemaRefusal.
 */
export function readSchema(schema: Json): Pick<JobSettings, 'mapping'> & { user: JobSettings['matching']['user'] } {
  const rules = listAt(schema, 'synchronizationRules');
  const mappings = rules.flatMap((rule) => listAt(rule, 'objectMappings'));
  const users = mappings.find((each) => String(each['sourceObjectName']).toLowerCase() === 'user');
  if (users === undefined) throw new SchemaRefusal('The schema has no object mapping for users.');
  const given = new Map(listAt(users, 'attributeMappings').map((each) => [String(each['targetAttributeName']), each]));
  const sources: Record<string, SourceAttribute | null> = {};
  for (const row of userMapping) {
    const path = pathOf(row);
    const changed = sourceOf(given.get(path), row.source);
    if (changed !== undefined) sources[path] = changed;
  }
  const user = [...given].find(([, each]) => each['matchingPriority'] === 1)?.[0];
  if (!isMatching(user)) throw new SchemaRefusal(`Users cannot be matched by '${user ?? 'nothing'}'.`);
  const { externalId, ...others } = sources;
  const own = externalId === undefined || externalId === 'objectId' ? others : sources;
  return {
    user,
    mapping: { externalId: externalId === 'objectId' ? 'objectId' : 'mailNickname', sources: own },
  };
}

/** Another attribute than the default one, null for none; undefined where nothing is changed. */
function sourceOf(given: Json | undefined, usual: string): SourceAttribute | null | undefined {
  if (given === undefined) return null;
  const source = given['source'];
  const expression = isJson(source) ? (source['expression'] ?? `[${String(source['name'])}]`) : undefined;
  if (expression === usual) return undefined;
  const name = attributeOf(String(expression));
  if (name === undefined || !isSource(name))
    throw new SchemaRefusal(`The expression '${String(expression)}' is not valid for a mapping.`);
  return name;
}

const matchable = ['userName', 'externalId', 'emails[type eq "work"].value'] as const;
const isMatching = (path: string | undefined): path is (typeof matchable)[number] =>
  matchable.some((known) => known === path);
const isSource = (name: string): name is SourceAttribute => Object.hasOwn(sourceAttributes, name);
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function listAt(json: Json, name: string): Json[] {
  const value = json[name];
  if (!Array.isArray(value)) throw new SchemaRefusal(`The schema has no list '${name}'.`);
  return value.filter(isJson);
}
