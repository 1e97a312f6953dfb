import { readFileSync } from 'node:fs';
import { type Setting, settings } from './settings.ts';

type Table = typeof settings;

/** The settings as read: frozen, one member for each row of the table. */
export type Config = { readonly [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never };

/** All faults of the settings together, one sentence each. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      faults.length === 1
        ? faults[0]
        : `${faults.length} settings are wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    this.faults = faults;
  }
}

/**
 * Reads the settings from the environment. Every setting may also come from a file named by `<NAME>_FILE`. Throws a
 * {@link ConfigError} that names every fault, unknown `PORTICO_*` names with the nearest known one.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const faults: string[] = [];
  const known = new Set<string>(Object.values(settings).flatMap(({ name }) => [name, `${name}_FILE`]));
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PORTICO_') && !known.has(name))
      faults.push(`${name} is not a setting; did you mean ${nearest(name, known)}?`);
  }
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    try {
      const text = readText(setting, environment);
      values[key] = text === undefined ? undefined : setting.read(text);
    } catch (error) {
      faults.push(`${setting.name} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if ((values['tlsCert'] === undefined) !== (values['tlsKey'] === undefined))
    faults.push('PORTICO_TLS_CERT and PORTICO_TLS_KEY go together');
  if (values['databaseUrl'] !== undefined && values['sealingKeys'] === undefined) {
    faults.push('PORTICO_SEALING_KEYS is needed with PORTICO_DATABASE_URL; make one with: openssl rand -base64 32');
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(values) as Config;
}

function readText(setting: Setting<unknown>, environment: Record<string, string | undefined>): string | undefined {
  const direct = environment[setting.name] || undefined;
  const file = environment[`${setting.name}_FILE`] || undefined;
  if (direct !== undefined && file !== undefined) throw new Error(`and ${setting.name}_FILE are both set; set one`);
  if (file === undefined) return direct ?? setting.default;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(
      `can't be read from ${file}: ${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'}`,
    );
  }
}

function nearest(name: string, known: Iterable<string>): string {
  let best = '';
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
