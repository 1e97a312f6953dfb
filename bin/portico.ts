#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

enableCompileCache();

/** The commands that run something here; every other one goes to a running server. */
const commands: Readonly<Record<string, { about: string; start: (rest: string[]) => Promise<unknown> }>> = {
  serve: { about: 'Run the server', start: async () => (await import('./serve.ts')).serve() },
  demo: {
    about: 'Run Portico, a simulated tenant and a small product, and go through it all',
    start: async (rest) => (await import('./demo.ts')).demo(rest),
  },
  simulate: {
    about: 'Run simulated Microsoft Entra tenants',
    start: async (rest) => (await import('../simulator/main.ts')).runSimulator(rest),
  },
  migrate: { about: 'Bring the database forward', start: async () => (await import('./migrate.ts')).runMigrations() },
};

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

try {
  if (command !== undefined) await command.start(rest);
  else {
    const { run } = await import('#cli');
    await run(process.argv.slice(2), { version: readVersion(), beside: listCommands(), now: Date.now });
  }
} catch (error) {
  console.error(`portico: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function listCommands(): [string, string][] {
  return Object.entries(commands).map(([name, { about }]) => [name, about]);
}

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
