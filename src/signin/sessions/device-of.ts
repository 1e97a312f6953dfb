/** The browsers that people name, the ones that pretend to be others first. */
const browsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//],
  ['Safari', /\bSafari\//],
];

const systems: readonly (readonly [name: string, sign: RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

const longest = 60;

/** What a device is called that says nothing of itself. */
export const unknownDevice = 'Unknown device';

/** A browser's User-Agent in the words of its user: "Chrome on Windows"; of other programs, the beginning of what they call themselves. */
export function deviceOf(userAgent: string | null): string {
  if (userAgent === null || userAgent === '') return unknownDevice;
  const named = (of: typeof browsers) => of.find(([, sign]) => sign.test(userAgent))?.[0];
  const [browser, system] = [named(browsers), named(systems)];
  if (browser === undefined) return userAgent.length > longest ? `${userAgent.slice(0, longest)}…` : userAgent;
  return system === undefined ? browser : `${browser} on ${system}`;
}
