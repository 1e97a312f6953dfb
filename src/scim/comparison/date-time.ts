const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d{0,20})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Reads an xsd:dateTime (RFC 7643 §2.3.5) as epoch milliseconds; without a zone it is UTC, a bare date is its
 * midnight, and fractions are cut to milliseconds. `undefined` when it is no date, or outside years 0000–9999.
 */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  // Date.parse moves 30 February on to March; such a date is refused instead.
  if (Number.isNaN(local) || (new Date(local).getUTCDate() !== Number(day) && hour !== '24')) return undefined;
  const instant = local - offsetOf(zone.toUpperCase());
  return instant >= FIRST && instant <= LAST ? instant : undefined;
}

const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
