/**
 * S12: after so many wrong passwords a name is locked, for a minute at first and twice as long each time, for twelve hours
 * at most; a day without attempts forgets it all. NIST SP 800-63B-4 §3.2.2 allows a hundred in a row.
 */
export const lockRules = { after: 5, firstMs: 60_000, longestMs: 12 * 3_600_000, forgetMs: 24 * 3_600_000 } as const;
