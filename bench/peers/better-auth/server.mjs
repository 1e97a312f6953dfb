// Better Auth with its SCIM plugin, as the plugin's page sets it up: one connection with a static bearer token, on an adapter
// that has transactions.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { scim } from '@better-auth/scim';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const { PORT, DATABASE_KIND, DATABASE } = process.env;
const token = randomBytes(32).toString('base64url');

function openSqlite() {
  const database = new DatabaseSync(DATABASE);
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  return database;
}

const options = {
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: randomBytes(32).toString('base64'),
  database: DATABASE_KIND === 'postgres' ? new pg.Pool({ connectionString: DATABASE }) : openSqlite(),
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    scim({
      connections: [{ id: 'contoso', credentials: [{ type: 'bearer', id: 'bench', token }] }],
      compatibility: { microsoftEntra: { acceptLegacyGroupSchema: true } },
    }),
  ],
};

await (await getMigrations(options)).runMigrations();
createServer(toNodeHandler(betterAuth(options))).listen(Number(PORT), '127.0.0.1', () => {
  console.log(JSON.stringify({ base: '/api/auth/scim/v2', token }));
});
