import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Reader, Response } from 'mmdb-lib';
import type { Place } from '#contract';
import { isInward } from '#http';
import type { World } from '#store';
import { placeOfRecord } from './place-of-record.ts';

/** The database of places that PORTICO_PLACES names, as it is in use. */
export interface Places {
  /** The place of an address; null where it has none, or none is known. */
  placeOf(address: string | null): Place | null;
  /** When the database in use was built, epoch milliseconds; null: none is in use. */
  builtAt: number | null;
  /** What is wrong with the file, ending the sentence "the file that PORTICO_PLACES names …"; null: nothing. */
  fault: string | null;
}

const none: Places = { placeOf: () => null, builtAt: null, fault: null };

interface Loaded {
  places: Places;
  /** What the file was when it was looked at: another one is read anew. */
  stamp: string;
}

const loads = new WeakMap<World['config'], Promise<Loaded>>();

/**
 * The places of addresses, from the file as it is now: a database in MaxMind's format. It is read when first asked for, and
 * again once it was replaced. One that cannot be read is logged, once; what was in use before it stays in use. Never throws.
 */
export async function openPlaces(world: World): Promise<Places> {
  const { config } = world;
  if (config.places === undefined) return none;
  const load = lookAgain(world, config.places, loads.get(config));
  loads.set(config, load);
  return (await load).places;
}

async function lookAgain(world: World, file: string, before: Promise<Loaded> | undefined): Promise<Loaded> {
  const known = await before;
  const stamp = await stampOf(file);
  if (known?.stamp === stamp) return known;
  try {
    const reader = await readPlaces(file);
    const builtAt = reader.metadata.buildEpoch.getTime();
    world.log.info({ file, built: new Date(builtAt).toISOString() }, 'the database of places was read');
    return { stamp, places: { placeOf: (address) => lookUp(world, reader, address), builtAt, fault: null } };
  } catch (error) {
    const fault = faultOf(error);
    world.log.warn({ file, error }, `the file that PORTICO_PLACES names ${fault}`);
    return { stamp, places: { ...(known?.places ?? none), fault } };
  }
}

const stampOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ ino, size, mtimeMs, ctimeMs }) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
    () => 'missing',
  );

/** The format's own limits: what begins with this stands in the last 128 KiB, and 16 bytes part the tree from the records. */
const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const mostMetadata = 131_072;
const separator = 16;

class NoPlaces extends Error {}

async function readPlaces(file: string): Promise<Reader<Response>> {
  const [bytes, { Reader }] = await Promise.all([readFile(file), import('mmdb-lib')]);
  if (!bytes.subarray(-mostMetadata).includes(marker)) throw new NoPlaces('it has no metadata');
  const reader = new Reader<Response>(bytes);
  const { nodeCount, searchTreeSize, binaryFormatMajorVersion } = reader.metadata;
  if (binaryFormatMajorVersion !== 2) throw new NoPlaces(`it is of version ${binaryFormatMajorVersion} of the format`);
  if (!(nodeCount > 0) || searchTreeSize + separator > bytes.length) throw new NoPlaces('a part of it is missing');
  return reader;
}

function faultOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOENT') return 'is not there (ENOENT)';
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return `cannot be read (${code})`;
  const why = error instanceof NoPlaces ? `: ${error.message}` : '';
  return `is no database in MaxMind's format (.mmdb), or is spoiled${why}`;
}

function lookUp(world: World, reader: Reader<Response>, address: string | null): Place | null {
  if (address === null) return null;
  const family = isIP(address);
  // An address with a zone is of this link. A tree for IPv4 leads an IPv6 address anywhere.
  if (family === 0 || address.includes('%') || isInward(address)) return null;
  if (family === 6 && reader.metadata.ipVersion === 4) return null;
  try {
    return placeOfRecord(reader.get(address));
  } catch (error) {
    world.log.warn({ error }, 'a record of the database of places is spoiled');
    return null;
  }
}
