import type { Place } from '#contract';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Codes that stand for no country. */
const noCountries: ReadonlySet<string> = new Set(['ZZ', 'XX', 'QO']);

/**
 * The place in a record of a database in MaxMind's format: the country by its code, and the city where it names one. Those who
 * build such databases write the code as `country.iso_code`, `country_code` or `country`, the city as `city.names.en` or `city`.
 * Where an address is registered (`registered_country`) is not where it is, and counts for nothing.
 */
export function placeOfRecord(record: unknown): Place | null {
  const code = [at(record, 'country', 'iso_code'), at(record, 'country_code'), at(record, 'country')].find(isCode);
  if (code === undefined || noCountries.has(code)) return null;
  const country = countries.of(code);
  if (country === undefined) return null;
  const city = [at(record, 'city', 'names', 'en'), at(record, 'city')].find(
    (it): it is string => typeof it === 'string' && it.trim() !== '',
  );
  return { countryCode: code, country, city: city?.trim().slice(0, 100) ?? null };
}

const isCode = (it: unknown): it is string => typeof it === 'string' && /^[A-Z]{2}$/.test(it);

const at = (record: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (it, key) => (typeof it === 'object' && it !== null && Object.hasOwn(it, key) ? Reflect.get(it, key) : undefined),
    record,
  );

/** A place in words: "Berlin, Germany". */
export const inWords = ({ city, country }: Place): string => (city === null ? country : `${city}, ${country}`);
