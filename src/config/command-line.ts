import { homedir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './read-config.ts';

/** What the command line knows of the server it talks to, and where it keeps what `portico login` was told. */
export interface CommandLineConfig {
  /** `PORTICO_URL`, where it is set; its default stands for nothing here. */
  url: string | undefined;
  apiKey: string | undefined;
  defaultUrl: string;
  /** Folder of the user's own settings (XDG base directory specification; `%APPDATA%` on Windows). */
  folder: string;
}

/** Reads the settings of the command line. Throws a `ConfigError` that names every fault, as the server does. */
export function readCommandLine(environment: Record<string, string | undefined> = process.env): CommandLineConfig {
  const config = readConfig(environment);
  const isSet = Boolean(environment['PORTICO_URL'] || environment['PORTICO_URL_FILE']);
  const base = environment['XDG_CONFIG_HOME'] || environment['APPDATA'] || join(homedir(), '.config');
  return {
    url: isSet ? config.url : undefined,
    apiKey: config.apiKey,
    defaultUrl: config.url,
    folder: join(base, 'portico'),
  };
}
