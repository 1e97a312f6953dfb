/**
 * Owns the settings: one table of `PORTICO_*` names, read once and frozen. The only place that reads the environment.
 * Never does: open a file that is not named by a setting, connect, generate keys.
 * Start reading at `settings.ts`.
 */
export { type CommandLineConfig, readCommandLine } from './command-line.ts';
export { type Config, ConfigError, readConfig } from './read-config.ts';
export { type Setting, settings } from './settings.ts';
