import { readFileSync } from 'node:fs';
import { ConfigFault, type TenantConfig } from './config/tenant-config.ts';
import type { Options } from './options.ts';
import type { SimulateOptions } from './simulate-entra.ts';
import { SnapshotFault } from './snapshots/snapshot.ts';

/** A file that the simulator can't start from; the message names it, and each field that is wrong. */
export class FileFault extends Error {}

/** What is read from the files that the options name. Throws FileFault. */
export function readStartFiles({ tenants, snapshot }: Options['files']): Pick<SimulateOptions, 'snapshot' | 'tenants'> {
  return {
    ...(tenants.length === 0 ? {} : { tenants: tenants.map(readTenant) }),
    ...(snapshot === undefined ? {} : { snapshot: read('--snapshot', snapshot) }),
  };
}

/** What was refused of a file's content, with the file's name; any other error as it is. */
export function toFileFault(error: unknown, { tenants, snapshot }: Options['files']): unknown {
  if (error instanceof SnapshotFault) return new FileFault(`--snapshot: ${snapshot} ${error.message}.`);
  if (!(error instanceof ConfigFault)) return error;
  return new FileFault(error.faults.map((fault) => `${tenants[error.tenant]}: ${fault}`).join('\n'));
}

/** Its shape is checked when the simulator starts. */
function readTenant(file: string): TenantConfig {
  try {
    return JSON.parse(read('--tenant', file).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new FileFault(`--tenant: ${file} is not JSON: ${error.message}`);
    throw error;
  }
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new FileFault(`${option}: ${error instanceof Error ? error.message : error}`);
  }
}
