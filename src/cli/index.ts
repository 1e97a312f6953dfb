/**
 * Owns the command line against a running server: `portico <noun> <verb>`, made from the contract's entries.
 * Never does: anything the REST API does not do; it knows the contract and the settings, nothing else.
 * Start reading at `nouns.ts`, then `entry-command.ts`.
 */
export { buildProgram } from './program.ts';
export { run } from './run.ts';
