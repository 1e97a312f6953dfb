import { createHash, randomBytes } from 'node:crypto';
import type { EntraWorld } from '#connections';
import { rawStatement, type Store } from '#store';

type Row = Record<string, string | number | null>;

/** How many of the sessions have tokens that can be presented. */
const mostTokens = 10_000;

const atOnce = 50_000;

/**
 * Multiplies the one person who is signed in: so many accounts, links, provisioned users, sessions, grants and access tokens,
 * each a copy of that person's rows under numbers of its own, by SQL that makes all rows from one. Gives the access tokens of
 * some of them, spread over all; the others have tokens of the same size that nobody knows.
 */
export async function putSessions(
  { store, sealer }: EntraWorld,
  { organizationId, accessToken }: { organizationId: string; accessToken: string },
  many: number,
): Promise<string[]> {
  const one = async (table: string, where = `organization_id = '${organizationId}'`): Promise<Row> => {
    const [row] = (await store.read(rawStatement(`select * from ${table} where ${where}`), {})) as Row[];
    if (row === undefined) throw new Error(`nobody is signed in: ${table} is empty`);
    return row;
  };
  const keyOf = (kind: string, id: string) => createHash('sha256').update(`${kind}:${id}`).digest('base64url');
  const placeOf = (id: string) => ({ table: 'provider_artifact', organizationId: '', id, column: 'payload' });
  const [account, link, session, user] = [
    await one('account'),
    await one('account_link'),
    await one('session'),
    await one('scim_user'),
  ];
  const token = await one('provider_artifact', `id = '${keyOf('AccessToken', accessToken)}'`);
  const tokenPayload = sealer.open(String(token['payload']), placeOf(String(token['id'])));
  const grantId = String((JSON.parse(tokenPayload) as { grantId: string }).grantId);
  const grant = await one('provider_artifact', `id = '${keyOf('Grant', grantId)}'`);
  const grantPayload = sealer.open(String(grant['payload']), placeOf(String(grant['id'])));

  // Numbers are told apart from what the copied rows hold by their form; ids are spread, as chance spreads real ones.
  const is = (kind: string) => `${hashed(store, `'${kind}' || n`)}`;
  const [accountId, linkId, userId, sessionId] = [is('a'), is('l'), is('u'), is('s')];
  const step = Math.ceil(many / mostTokens);
  for (let from = 0; from < many; from += atOnce) {
    const series = seriesOf(store, from, Math.min(many, from + atOnce));
    const copy = (table: string, row: Row, own: Record<string, string>, where = '') =>
      copyRow(store, table, row, own, `${series}${where}`);
    await copy('account', account, { id: accountId, user_name: accountId, user_name_folded: accountId });
    await copy('account_link', link, {
      id: linkId,
      account_id: accountId,
      object_id: userId,
      subject: userId,
      user_id: userId,
    });
    await copy('scim_user', user, { id: userId, user_name: userId, user_name_folded: userId, external_id: userId });
    await copy('session', session, {
      id: sessionId,
      account_id: accountId,
      link_id: linkId,
      user_id: userId,
      // Later than anything that is measured: noting that a session is in use is no part of it.
      last_seen_at: String(Date.now() + 3_600_000),
    });
    const others = ` where n % ${step} <> 0`;
    await copy('provider_artifact', grant, { id: is('g'), session_id: sessionId }, others);
    await copy('provider_artifact', token, { id: is('t'), grant_id: is('g') }, others);
  }

  const tokens: string[] = [];
  const ids = new Map<number, { account: string; session: string }>();
  const rows = (await store.read(
    rawStatement(
      `select n, ${accountId} as account, ${sessionId} as session from ${seriesOf(store, 0, many)} where n % ${step} = 0`,
    ),
    {},
  )) as { n: number; account: string; session: string }[];
  for (const { n, account, session } of rows) ids.set(Number(n), { account, session });
  const numbered = [...ids];
  for (let from = 0; from < numbered.length; from += 500) {
    const values: string[] = [];
    for (const [, { account: its, session: of }] of numbered.slice(from, from + 500)) {
      const [ownGrant, ownToken] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
      const own = (payload: string) =>
        payload.replaceAll(String(account['id']), its).replaceAll(accessToken, ownToken).replaceAll(grantId, ownGrant);
      const [grantKey, tokenKey] = [keyOf('Grant', ownGrant), keyOf('AccessToken', ownToken)];
      tokens.push(ownToken);
      for (const [row, key, payload, belongs] of [
        [grant, grantKey, grantPayload, { session_id: of }],
        [token, tokenKey, tokenPayload, { grant_id: grantKey }],
      ] as const) {
        const full: Row = { ...row, ...belongs, id: key, payload: sealer.seal(own(payload), placeOf(key)) };
        values.push(`(${Object.values(full).map(text).join(', ')})`);
      }
    }
    const columns = columnsOf(grant);
    await execute(store, `insert into provider_artifact (${columns}) values ${values.join(', ')}`);
  }
  if (store.dialect === 'postgres')
    for (const rest of ['vacuum analyze', 'checkpoint']) await store.read(rawStatement(rest), {});
  return tokens;
}

const text = (value: string | number | null): string =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
const columnsOf = (row: Row): string =>
  Object.keys(row)
    .map((name) => `"${name}"`)
    .join(', ');
const execute = (store: Store, sql: string) => store.write((tx) => tx.run(rawStatement(sql), {}));

function copyRow(store: Store, table: string, row: Row, own: Record<string, string>, from: string) {
  const values = Object.entries(row).map(([name, value]) => own[name] ?? text(value));
  return execute(store, `insert into ${table} (${columnsOf(row)}) select ${values.join(', ')} from ${from}`);
}

/** 32 characters that look like chance, the same each time. */
const hashed = ({ dialect }: Store, of: string): string =>
  dialect === 'postgres'
    ? `md5(${of})`
    : // SQLite has no hash: the number is mixed by multiplying with odd constants, whose low 48 bits never meet twice.
      `printf('%012x', (n * 214013269837193 + 25214903917) & 281474976710655) || (${of})`;

const seriesOf = ({ dialect }: Store, from: number, to: number): string =>
  dialect === 'postgres'
    ? `generate_series(${from}, ${to - 1}) as n`
    : `(with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n < ${to - 1}) select n from numbers)`;
