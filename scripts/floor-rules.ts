import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { floorPlan, readPlan, storeTables } from './floor-plan.ts';
import type { Source } from './read-source.ts';

/** Where the code departs from the floor plan, and the rule in one sentence. */
export type Violation = { file: string; line: number; rule: string };

/** Where a file stands: the folder at the root, the room under `src/`, and whether it is a test. */
type Place = { area: string; room: string; isTest: boolean };

const plan = readPlan(floorPlan);
/** Rooms that must run in a browser or do no input and output: nothing of Node's. */
const pureRooms = ['contract', 'scim'];
/** The migration timeline, which may change any table. */
const timeline = 'src/store/migrat';

/** Holds one file to the plan: what it imports, and what it takes from the machine by itself. */
export function checkSource(source: Source): Violation[] {
  const place = placeOf(source.file);
  const at = (line: number, rule: string): Violation => ({ file: source.file, line, rule });
  const imports = source.imports.flatMap(({ line, specifier }) => {
    const rule = importRule(source.file, place, specifier);
    return rule ? [at(line, rule)] : [];
  });
  if (place.area !== 'src' || place.isTest) return imports;
  const { room } = place;
  const named = (line: number, rule: string, applies: boolean) => (applies ? [at(line, rule)] : []);
  return [
    ...imports,
    ...source.environment.flatMap((line) =>
      named(line, 'only src/config reads process.env: take the setting from Config', room !== 'config'),
    ),
    ...source.clock.map((line) => at(line, 'src asks no clock of its own: take `now` as an argument')),
    ...source.nodeGlobals.flatMap((line) =>
      named(line, `${room} uses nothing of Node's: no process, no Buffer`, pureRooms.includes(room)),
    ),
    ...source.fetches.flatMap((line) => named(line, 'scim does no input or output', room === 'scim')),
    ...source.writes.flatMap(({ line, table }) => {
      if (source.file.startsWith(timeline)) return [];
      if (!source.file.startsWith(`src/${room}/queries/`)) {
        return [at(line, `a statement that changes a table stands in src/${room}/queries/`)];
      }
      return named(line, 'a statement names its table literally, so that its owner can be seen', table === undefined);
    }),
  ];
}

/** Holds all files together to "only one room writes a table". */
export function checkTableOwners(sources: readonly Source[]): Violation[] {
  const writes = sources.flatMap(({ file, writes }) => {
    const { area, room, isTest } = placeOf(file);
    if (area !== 'src' || isTest || file.startsWith(timeline)) return [];
    return writes.flatMap(({ line, table }) => (table ? [{ file, line, table, room }] : []));
  });
  const owners = new Map(storeTables.map((table) => [table, 'store']));
  for (const { table, room } of writes) if (room !== 'store' && !owners.has(table)) owners.set(table, room);
  return writes.flatMap(({ file, line, table, room }) => {
    const owner = owners.get(table);
    if (owner === room) return [];
    const rule = owner
      ? `only one room writes a table: ${table} is written by ${owner}`
      : `store writes only the tables that the floor plan lists for it, and ${table} is none of them`;
    return [{ file, line, rule }];
  });
}

function placeOf(file: string): Place {
  const [area = '', second = ''] = file.split('/');
  return { area, room: area === 'src' ? second : '', isTest: /\.test\.tsx?$/.test(file) };
}

/** The rule that an import breaks. */
function importRule(file: string, place: Place, specifier: string | undefined): string | undefined {
  if (specifier === undefined) {
    return ['src', 'console', 'simulator'].includes(place.area) ? 'an import names its module literally' : undefined;
  }
  if (specifier === 'portico' || specifier.startsWith('portico/'))
    return 'Portico does not import itself by its package name';
  if (specifier.startsWith('#')) return roomRule(place, specifier);
  if (specifier.startsWith('.')) return relativeRule(place, posix.join(posix.dirname(file), specifier));
  if (isBuiltin(specifier) && !place.isTest) {
    if (pureRooms.includes(place.room)) return `${place.room} uses nothing of Node's: no ${specifier}`;
    if (place.room !== 'config' && place.room !== '' && /^(node:)?process$/.test(specifier)) {
      return 'only src/config reads process.env: take the setting from Config';
    }
  }
  return undefined;
}

function roomRule({ area, room }: Place, specifier: string): string | undefined {
  const name = specifier.slice(1);
  if (area === 'simulator') return 'the simulator imports nothing of ours';
  if (!plan.has(name))
    return `${specifier} is no door: a room is imported by its name alone (${[...plan.keys()].join(', ')})`;
  if (area === 'console') return name === 'contract' ? undefined : 'the console knows only #contract';
  if (area !== 'src') return undefined;
  if (name === room) return 'inside a room imports are relative';
  const allowed = plan.get(room) ?? [];
  return allowed.includes(name)
    ? undefined
    : `${room} may import only ${allowed.join(', ') || 'no other room'}, not ${name}`;
}

function relativeRule({ area, room, isTest }: Place, target: string): string | undefined {
  const [targetArea = ''] = target.split('/');
  if (area === 'src') {
    if (target.startsWith(`src/${room}/`)) return undefined;
    if (targetArea === 'src') return 'another room is entered by its door: import it as #room';
    // A test may have the simulated tenant and the test world at the other end.
    if (isTest && ['simulator', 'test'].includes(targetArea)) return undefined;
    return `src knows nothing of ${targetArea}/`;
  }
  if (area === 'simulator' || area === 'console') {
    if (targetArea === area) return undefined;
    return area === 'simulator' ? 'the simulator imports nothing of ours' : 'the console knows only #contract';
  }
  return targetArea === 'src' ? 'a room is entered by its door: import it as #room' : undefined;
}
