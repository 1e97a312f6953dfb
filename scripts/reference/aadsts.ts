import { listAadsts } from '#entra';
import { page, table } from './markdown.ts';

/** Every AADSTS code that is explained. */
export async function aadstsPage(): Promise<string> {
  const entries = await listAadsts();
  return page(
    '# AADSTS codes',
    `What Microsoft Entra's ${entries.length} known codes mean and what to do. \`portico explain AADSTS50020\` prints one; a refused sign-in and a refused secret show theirs. Codes and names are Microsoft's, the sentences are ours. The last column says where a code was read: \`published\` is Microsoft's own list; \`recalled\` and \`unlisted\` are not confirmed by it.`,
    table(
      ['code', 'name', 'cause', 'what to do', 'source'],
      entries.map(({ code, name, cause, action, source }) => [code, name, cause, action, source]),
    ),
  );
}
