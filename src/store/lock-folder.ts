import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Locks a folder against a second server. The lock is the operating system's, held through a database of its own, so it
 * ends with the process however that ends.
 */
export function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'portico.lock'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    lock.close();
    const hint = `another server uses ${folder}; stop it, or set PORTICO_DATA to another folder`;
    throw error instanceof Error && /locked|busy/.test(error.message) ? new Error(hint, { cause: error }) : error;
  }
  return () => lock.close();
}
