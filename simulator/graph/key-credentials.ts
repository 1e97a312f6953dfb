import type { z } from 'zod';
import type { KeyCredential } from '../applications/application.ts';
import { readKeyCredential } from '../applications/key-credentials.ts';
import type { keyShape } from './application-shape.ts';
import { GraphError } from './graph-error.ts';

type Given = z.infer<typeof keyShape>;

/**
 * The certificates that a list in a request leaves: one that is known by its id stays as it is, also where its key comes back
 * as null, as reading shows it; any other needs a key. Throws Graph's 400.
 */
export function mergeKeyCredentials(present: readonly KeyCredential[], given: readonly Given[]): KeyCredential[] {
  return given.map((entry) => {
    const known = present.find(({ keyId }) => keyId === entry.keyId);
    if (known === undefined) return makeKeyCredential(entry);
    if (entry.key !== undefined && entry.key !== null && makeKeyCredential(entry).key !== known.key)
      throw new GraphError(
        400,
        'Request_BadRequest',
        `Update to existing credential with KeyId '${known.keyId}' is not allowed.`,
      );
    return known;
  });
}

/** Makes a certificate's credential of base64 of its DER (with line breaks or without), or of its PEM text. Throws Graph's 400. */
export function makeKeyCredential({ key, keyId, displayName, startDateTime, endDateTime }: Given): KeyCredential {
  const certificate = readCertificate(key ?? '');
  const end = endDateTime ?? certificate.endDateTime;
  const start = startDateTime ?? certificate.startDateTime;
  if (end > certificate.endDateTime || end <= start)
    throw new GraphError(400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.');
  return {
    ...certificate,
    keyId: keyId ?? certificate.keyId,
    displayName: displayName ?? certificate.displayName,
    startDateTime: Math.max(start, certificate.startDateTime),
    endDateTime: end,
  };
}

function readCertificate(key: string): KeyCredential {
  try {
    const decoded = Buffer.from(key, 'base64').toString('latin1');
    return readKeyCredential(decoded.includes('-----BEGIN') ? decoded : key);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new GraphError(
      400,
      'Request_BadRequest',
      "Invalid value specified for property 'keyCredentials' of resource 'Application'.",
    );
  }
}
