#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

enableCompileCache();

const [command, ...rest] = process.argv.slice(2);
const failed = (error: unknown): never => {
  console.error(`portico: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
};

try {
  if (command === 'serve') await (await import('./serve.ts')).serve();
  else if (command === 'migrate') await (await import('./migrate.ts')).runMigrations();
  else if (command === 'demo') await (await import('./demo.ts')).demo(rest);
  else if (command === 'simulate') await (await import('../simulator/main.ts')).runSimulator(rest);
  else throw new Error(`there is no command ${command}`);
} catch (error) {
  failed(error);
}
