import type { World } from '../world.ts';

/**
 * What each member of the world is: `state` is plain data as it stands, `has state` is machinery whose `state` is plain data,
 * `machinery` stays as it is while another state of the world comes in its place.
 */
export const worldMembers = {
  clock: 'has state',
  random: 'has state',
  tenants: 'state',
  applications: 'state',
  keys: 'has state',
  sessions: 'state',
  flows: 'state',
  grants: 'state',
  faults: 'has state',
  requests: 'state',
  tokens: 'state',
  signIns: 'state',
  directoryAudits: 'state',
  mail: 'state',
  exchange: 'state',
  subscriptions: 'state',
  mailboxLoads: 'state',
  jobs: 'state',
  provisioningLog: 'state',
  snapshots: 'machinery',
  underWay: 'machinery',
  send: 'machinery',
  ending: 'machinery',
} as const satisfies Readonly<Record<keyof World, 'state' | 'has state' | 'machinery'>>;

/** The state of a world by its members: the world's own objects, not copies. */
export function stateOf(world: World): Record<string, object> {
  const members: [string, object][] = [];
  for (const [name, member] of Object.entries(world)) {
    const kind = new Map<string, string>(Object.entries(worldMembers)).get(name);
    if (kind === 'state') members.push([name, member]);
    if (kind === 'has state') members.push([name, readState(member)]);
  }
  return Object.fromEntries(members);
}

function readState(member: unknown): object {
  if (typeof member === 'object' && member !== null && 'state' in member) {
    const { state } = member;
    if (typeof state === 'object' && state !== null) return state;
  }
  throw new TypeError('a member that has state needs an object `state`');
}

/** Empties a container and fills it as `saved` is, so that whoever holds it sees the other state. */
export function refill(live: object, saved: object): void {
  if (live instanceof Map && saved instanceof Map) {
    live.clear();
    for (const [key, value] of saved) live.set(key, value);
  } else if (live instanceof Set && saved instanceof Set) {
    live.clear();
    for (const value of saved) live.add(value);
  } else if (Array.isArray(live) && Array.isArray(saved)) {
    live.length = 0;
    for (const value of saved) live.push(value);
  } else {
    for (const name of Object.keys(live)) if (!Object.hasOwn(saved, name)) Reflect.deleteProperty(live, name);
    for (const [name, value] of Object.entries(saved)) {
      const held: unknown = Reflect.get(live, name);
      if (isContainer(held) && isContainer(value)) refill(held, value);
      else Reflect.set(live, name, value);
    }
  }
}

function isContainer(value: unknown): value is object {
  return value instanceof Map || value instanceof Set || Array.isArray(value);
}
