import { refusals } from '#directory';
import { code, page, table } from './markdown.ts';

/** Every way in which a provisioning client can be refused. */
export function refusalsPage(): string {
  const remedyOf = (remedy: string): string => remedy.replaceAll('{attribute}', '*the attribute*');
  return page(
    '# Refusals of provisioning',
    'A request over SCIM that is refused is answered by a SCIM error ([RFC 7644 §3.12](https://www.rfc-editor.org/rfc/rfc7644#section-3.12)): `status`, `scimType`, and a `detail` that names what is wrong. The record of the request says beside it what to change, and where in Entra. Find them with `portico directories requests <directory> --outcome refused`, or in the console under Directories > Requests.',
    table(
      ['status', 'scimType', 'what it means', 'what to do'],
      refusals.map(({ status, scimType, means, remedy }) => [
        String(status),
        code(scimType ?? ''),
        means,
        remedyOf(remedy),
      ]),
    ),
  );
}
