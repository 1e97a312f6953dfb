#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

enableCompileCache();

interface Command {
  about: string;
  /** Whether it reads arguments; the others are set up by the environment alone. */
  takesArguments: boolean;
  start: (rest: string[]) => Promise<unknown>;
}

/** The commands that run something here; every other one goes to a running server. */
const commands: Readonly<Record<string, Command>> = {
  serve: {
    about: 'Run the server',
    takesArguments: false,
    start: async () => (await import('./serve.ts')).serve(),
  },
  demo: {
    about: 'Run Portico, a simulated tenant and a small product, and go through it all',
    takesArguments: true,
    start: async (rest) => (await import('./demo.ts')).demo(rest),
  },
  simulate: {
    about: 'Run simulated Microsoft Entra tenants',
    takesArguments: true,
    start: async (rest) => (await import('../simulator/main.ts')).runSimulator(rest),
  },
  migrate: {
    about: 'Bring the database forward',
    takesArguments: false,
    start: async () => (await import('./migrate.ts')).runMigrations(),
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

try {
  if (command !== undefined && (command.takesArguments || rest.length === 0)) await command.start(rest);
  else if (command !== undefined) explain(command);
  else {
    const { run } = await import('#cli');
    await run(process.argv.slice(2), { version: readVersion(), beside: listCommands(), now: Date.now });
  }
} catch (error) {
  console.error(`portico: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** `serve --help`, and what is typed after a command that takes nothing. */
function explain({ about }: Command): void {
  const asked = rest.every((word) => word === '--help' || word === '-h');
  const text = `portico ${name}: ${about}. It takes no arguments; PORTICO_* variables set it up (docs/configuration.md).`;
  (asked ? console.log : console.error)(text);
  if (!asked) process.exitCode = 2;
}

function listCommands(): [string, string][] {
  return Object.entries(commands).map(([name, { about }]) => [name, about]);
}

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
