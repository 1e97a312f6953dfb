import type { Answer } from './connection.ts';

/** Whom the load goes to: SCIM below `base` on a port of this machine. */
export interface Target {
  port: number;
  base: string;
  token: string;
}

/** What the generator knows of a target's users. */
export interface People {
  /** Whom it asks for: ids, and beside them the numbers that stand in their names; without those, number n is at place n. */
  ids: string[];
  places?: readonly number[];
  /** How many people the target was asked to create so far, by `fill`. */
  asked: number;
  /** All users that were acknowledged. */
  total: number;
  /** What was acknowledged by id, until somebody looks whether it is there. */
  promised: Map<string, Promised>;
}

/** A request, and what is wrong with its answer, if anything. */
export interface Piece {
  request: string;
  /** Undefined where the answer is right. */
  fault(answer: Answer): string | undefined;
  /** What was acknowledged, to be looked for afterwards: the person's place or id, and what they must have. */
  promise?: (answer: Answer) => Promised;
}

/** What a user must show from the acknowledgement on. */
export interface Promised {
  id: string;
  shows: Record<string, unknown>;
}

/** One kind of work: makes the next piece for a client of so many. */
export type Work = (target: Target, people: People, client: number, clients: number, run: number) => () => Piece;

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A request as text. */
export function requestText(target: Target, method: string, path: string, body?: unknown): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const about =
    body === undefined
      ? ''
      : `content-type: application/scim+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
  return `${method} ${target.base}${path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\nauthorization: Bearer ${target.token}\r\naccept: application/scim+json\r\n${about}\r\n${text}`;
}

/** The body with which Entra creates a user; without its nulls, which not every peer takes. */
export const entraUser = (name: string, externalId: string) => ({
  schemas: [userUrn, enterpriseUrn],
  externalId,
  userName: name,
  active: true,
  displayName: `Mara Oja ${externalId.slice(-6)}`,
  emails: [{ primary: true, type: 'work', value: name }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Mara Oja', familyName: 'Oja', givenName: 'Mara' },
  [enterpriseUrn]: { department: 'Operations', employeeNumber: externalId.slice(-6) },
});

/** The user name, which is the work e-mail too, of person n. */
export const nameOf = (n: number): string => `person.${n}@contoso.example`;
/** Their object id in the tenant. */
export const externalIdOf = (n: number): string => `7c1e4a52-90d3-4b6f-8a21-${String(n).padStart(12, '0')}`;

const create: Work = (target, people, client, clients, run) => {
  let number = 0;
  return () => {
    const name = `run${run}.${client}.${number++}.${clients}@contoso.example`;
    return creation(target, people, name, externalIdOf(run * 10_000_000 + client * 100_000 + number));
  };
};

/** The same request, to a server that stores nothing. */
const echo: Work = (target, people, client, clients, run) => {
  const next = create(target, people, client, clients, run);
  return () => {
    const { request, fault } = next();
    return { request, fault };
  };
};

const fill: Work = (target, people) => {
  return () => {
    const n = people.asked++;
    const piece = creation(target, people, nameOf(n), externalIdOf(n));
    const promise = (answer: Answer): Promised => {
      const { id } = JSON.parse(answer.body) as { id: string };
      people.ids[n] = id;
      people.total += 1;
      return { id, shows: { userName: nameOf(n) } };
    };
    return { ...piece, promise };
  };
};

const creation = (target: Target, people: People, name: string, externalId: string): Piece => ({
  request: requestText(target, 'POST', '/Users', entraUser(name, externalId)),
  fault: ({ status, body }) => {
    if (status !== 201) return `${status} ${body.slice(0, 200)}`;
    const { id, userName } = JSON.parse(body) as { id?: string; userName?: string };
    return userName === name && id !== undefined ? undefined : `the answer shows ${userName} ${id}`;
  },
  promise: (answer) => {
    people.total += 1;
    return { id: (JSON.parse(answer.body) as { id: string }).id, shows: { userName: name } };
  },
});

const found =
  (filterOf: (n: number) => string): Work =>
  (target, people, client, clients) => {
    let number = client;
    return () => {
      number = (number + clients * 7919) % people.ids.length;
      const id = people.ids[number];
      return {
        request: requestText(
          target,
          'GET',
          `/Users?filter=${encodeURIComponent(filterOf(people.places?.[number] ?? number))}`,
        ),
        fault: ({ status, body }) => {
          if (status !== 200) return `${status} ${body.slice(0, 200)}`;
          const { totalResults, Resources = [] } = JSON.parse(body) as List;
          return totalResults === 1 && Resources[0]?.id === id ? undefined : `found ${totalResults}, not the one`;
        },
      };
    };
  };

interface List {
  totalResults: number;
  Resources?: { id: string; userName?: string; displayName?: string }[];
}

const get: Work = (target, people, client, clients) => {
  let number = client;
  return () => {
    number = (number + clients * 7919) % people.ids.length;
    const id = people.ids[number] ?? '';
    const name = nameOf(people.places?.[number] ?? number);
    return {
      request: requestText(target, 'GET', `/Users/${id}`),
      fault: ({ status, body }) => {
        if (status !== 200) return `${status} ${body.slice(0, 200)}`;
        const user = JSON.parse(body) as { id: string; userName: string };
        return user.id === id && user.userName === name ? undefined : `the answer shows ${user.userName}`;
      },
    };
  };
};

/** Each client changes people of its own, so that the last word about each is known. */
const patch: Work = (target, people, client, clients, run) => {
  let number = client;
  let turn = 0;
  const last = people.ids.length - (people.ids.length % clients);
  return () => {
    number = (number + clients * 617) % last;
    const id = people.ids[number] ?? '';
    const displayName = `Renamed ${run} ${client} ${turn++}`;
    const Operations = [
      { op: 'Replace', path: 'displayName', value: displayName },
      { op: 'Replace', path: 'name.familyName', value: `Oja ${turn}` },
    ];
    return {
      request: requestText(target, 'PATCH', `/Users/${id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations,
      }),
      fault: ({ status, body }) => {
        if (status === 204) return undefined;
        if (status !== 200) return `${status} ${body.slice(0, 200)}`;
        const shown = (JSON.parse(body) as { displayName: string }).displayName;
        return shown === displayName ? undefined : `the answer shows ${shown}`;
      },
      promise: () => ({ id, shows: { displayName } }),
    };
  };
};

const list =
  (from: (total: number) => number): Work =>
  (target, people) =>
  () => ({
    request: requestText(target, 'GET', `/Users?startIndex=${from(people.total)}&count=100`),
    fault: ({ status, body }) => {
      if (status !== 200) return `${status} ${body.slice(0, 200)}`;
      const { totalResults, Resources = [] } = JSON.parse(body) as List;
      return totalResults === people.total && Resources.length === 100
        ? undefined
        : `${Resources.length} of ${totalResults}, not 100 of ${people.total}`;
    },
  });

/** Every kind of work by its name. */
export const works: Readonly<Record<string, Work>> = {
  fill,
  create,
  echo,
  'find by userName': found((n) => `userName eq "${nameOf(n)}"`),
  'find by externalId': found((n) => `externalId eq "${externalIdOf(n)}"`),
  'find by work e-mail': found((n) => `emails[type eq "work"].value eq "${nameOf(n)}"`),
  get,
  patch,
  'list, first page': list(() => 1),
  'list, deep page': list((total) => total - 199),
};
