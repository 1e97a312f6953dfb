/** NIST SP 800-63B-4 §3.1.1.2: a password that is the only factor has at least so many characters. */
export const shortestPassword = 15;
/** Longer ones are refused rather than cut. */
const longestPassword = 256;

/**
 * Why a password cannot be taken, as a sentence for whoever chose it; undefined where it can. NIST SP 800-63B-4 §3.1.1.2:
 * length, a list of common passwords, and what follows from the person or the service; no rules of composition.
 */
export async function faultOfPassword(
  password: string,
  about: readonly (string | null)[],
): Promise<string | undefined> {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < shortestPassword)
    return `It has ${length} ${length === 1 ? 'character' : 'characters'}. Take at least ${shortestPassword}; a few words in a row are easy to remember.`;
  if (length > longestPassword) return `It has more than ${longestPassword} characters.`;
  const folded = text.toLowerCase();
  if (isRow(folded)) return 'It is one piece again and again, or a row of the keyboard. Choose another one.';
  if (isAbout(folded, about)) return 'It is made of your name or of the name of this service. Choose another one.';
  if (await isCommon(folded))
    return 'It is on the list of common passwords, which attackers try first. Choose another one.';
  return undefined;
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];

/** One piece of at most eight characters over and over, or what lies side by side. */
function isRow(folded: string): boolean {
  for (let size = 1; size <= 8; size++) {
    const piece = folded.slice(0, size);
    if (piece.repeat(Math.ceil(folded.length / size)).startsWith(folded)) return true;
  }
  const reversed = [...folded].reverse().join('');
  return rows.some((row) => row.repeat(4).includes(folded) || row.repeat(4).includes(reversed));
}

/** Nothing is left but digits and signs when the person's names and ours are taken out. */
function isAbout(folded: string, about: readonly (string | null)[]): boolean {
  const words = ['portico', 'password', ...about.flatMap((it) => (it ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u))];
  let left = folded;
  for (const word of words.filter(({ length }) => length > 2).sort((a, b) => b.length - a.length))
    left = left.replaceAll(word, '');
  return left !== folded && left.replace(/[^\p{L}]/gu, '').length < 4;
}

/** The list is large and looked at when a password is chosen only. Endings that people add are taken off. */
async function isCommon(folded: string): Promise<boolean> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const common: ReadonlySet<string | number> = new Set(dictionary['passwords-common']);
  const without = folded.replace(/[^\p{L}]+$/u, '');
  return [folded, without].some((it) => it.length > 3 && common.has(it));
}
