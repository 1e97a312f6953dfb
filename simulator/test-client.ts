import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTestCertificate } from './test-certificate.ts';
import { exec } from './test-exec.ts';

/** Where client programs run: a home of their own, with key and certificate of a daemon in it. */
export type ClientSetting = {
  readonly certificate: string;
  /** Runs one of the programs in clients/ in front of the simulator, and gives what it says. */
  readonly run: (file: string, interpreter: readonly string[]) => Promise<unknown>;
  readonly remove: () => void;
};

/** Makes the setting of a test file. */
export async function makeClientSetting(): Promise<ClientSetting> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-clients-'));
  const { certificate, privateKey } = await makeTestCertificate();
  writeFileSync(join(folder, 'daemon.pem'), `${privateKey}\n${certificate}\n`);
  return {
    certificate,
    run: async (file, interpreter) => {
      const program = fileURLToPath(new URL(`./clients/${file}`, import.meta.url));
      const { out, err, code } = await exec(folder, [], [...interpreter, program]);
      assert.equal(code, 0, err);
      return JSON.parse(out);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
