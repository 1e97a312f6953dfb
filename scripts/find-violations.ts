import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { floorPlan } from './floor-plan.ts';
import { checkSource, checkTableOwners, type Violation } from './floor-rules.ts';
import { readSource } from './read-source.ts';

const folders = ['src', 'bin', 'console', 'simulator', 'demo', 'test', 'bench', 'scripts'];

/** Every place where the project in a folder departs from the floor plan, by file and line. */
export function findViolations(root: string): Violation[] {
  const files = globSync(`{${folders.join()}}/**/*.{ts,tsx,mts,mjs,js}`, {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  });
  const sources = files.sort().map((file) => {
    const name = file.replaceAll(sep, '/');
    return readSource(name, readFileSync(join(root, file), 'utf8'));
  });
  return [...checkRooms(root), ...sources.flatMap(checkSource), ...checkTableOwners(sources)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  );
}

/** Rooms in `src/`, in package.json's `imports` and in the plan: one list. */
function checkRooms(root: string): Violation[] {
  const rooms = floorPlan.map(([room]) => room);
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { imports = {} }: { imports?: Record<string, string> } = JSON.parse(manifest);
  const lineOf = (text: string) => manifest.slice(0, Math.max(0, manifest.indexOf(`"${text}"`))).split('\n').length;
  const source = join(root, 'src');
  const entries = existsSync(source) ? readdirSync(source, { withFileTypes: true }) : [];
  return [
    ...Object.entries(imports).flatMap(([name, target]) => {
      const at = { file: 'package.json', line: lineOf(name) };
      if (!rooms.includes(name.slice(1))) return [{ ...at, rule: `${name} is no room of the floor plan` }];
      const door = `./src/${name.slice(1)}/index.ts`;
      return target === door ? [] : [{ ...at, rule: `${name} leads to the room's door, ${door}` }];
    }),
    ...entries.flatMap((entry) => {
      const at = { file: `src/${entry.name}`, line: 1 };
      if (!entry.isDirectory()) return [{ ...at, rule: 'every file of src/ is in a room' }];
      if (!rooms.includes(entry.name)) return [{ ...at, rule: 'a folder of src/ is a room of the floor plan' }];
      return imports[`#${entry.name}`]
        ? []
        : [{ ...at, rule: `package.json's imports list every room: #${entry.name} is missing` }];
    }),
  ];
}
