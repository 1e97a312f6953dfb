const freshMs = 60 * 60_000;
const lifeMs = 24 * 60 * 60_000;

/** Documents already read, by a key: asked anew after an hour, kept for a day where asking fails for now. */
export interface DocumentCache<Document> {
  /** The document, from the cache or by `read`; concurrent callers share one request. Throws what `read` throws. */
  get(key: string, read: () => Promise<Document>): Promise<Document>;
}

/** Makes an empty cache; `isPassing` tells an error that may be over soon from one that is an answer. */
export function createDocumentCache<Document>({
  now,
  isPassing,
}: {
  readonly now: () => number;
  readonly isPassing: (error: unknown) => boolean;
}): DocumentCache<Document> {
  const known = new Map<string, { readonly document: Document; readonly readAt: number }>();
  const underWay = new Map<string, Promise<Document>>();

  async function renew(key: string, read: () => Promise<Document>): Promise<Document> {
    try {
      const document = await read();
      known.set(key, { document, readAt: now() });
      return document;
    } catch (error) {
      const kept = known.get(key);
      if (isPassing(error) && kept && now() - kept.readAt < lifeMs) return kept.document;
      throw error;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async get(key, read) {
      const kept = known.get(key);
      if (kept && now() - kept.readAt < freshMs) return kept.document;
      const reading = underWay.get(key) ?? renew(key, read);
      underWay.set(key, reading);
      return reading;
    },
  };
}
