import { spawn } from 'node:child_process';

/**
 * Runs a command to its end without a terminal and keeps what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number | null, output: string }>} code is null when it could not be started or was killed
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ part) => {
      output += part.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/**
 * Does one step of preparation and prints a line for it, with its seconds, on stderr: stdout belongs to the task.
 * @param {string} what
 * @param {() => Promise<void>} work
 */
export async function step(what, work) {
  const start = Date.now();
  process.stderr.write(`${what} … `);
  try {
    await work();
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
  process.stderr.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

/**
 * The like for steps that are done at the same time: a line when it begins and one at its end.
 * @param {string} what
 * @param {() => Promise<void>} work
 */
export async function stepBesideOthers(what, work) {
  const start = Date.now();
  process.stderr.write(`${what} …\n`);
  let end = 'failed';
  try {
    await work();
    end = `${((Date.now() - start) / 1000).toFixed(1)} s`;
  } finally {
    process.stderr.write(`${what}: ${end}\n`);
  }
}
