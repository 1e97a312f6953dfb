import { type ESTree, Visitor } from 'vite';
import { type Mutation, type Parsed, parseFiles } from './mutation.ts';
import { nearTestsOf } from './mutations-near.ts';

const parts = ['table', 'organizationId', 'id', 'column'];

/**
 * What a sealed value is bound to: each part where the seal is made of it (`src/store/seal.ts`), and each part of each
 * place that is sealed to.
 */
export function findSealBindings(root: string): Mutation[] {
  const seal = parseFiles(root, ['src/store/seal.ts'])
    .flatMap(placesIn)
    .map((mutation) => ({ ...mutation, near: nearTestsOf(mutation.file) }));
  if (seal.length !== parts.length)
    throw new Error(
      `src/store/seal.ts binds ${seal.length} parts, not ${parts.length}: mutations-seal.ts has to follow`,
    );
  const places = parseFiles(root, ['src/**/*.ts'])
    .filter(({ file }) => file !== 'src/store/seal.ts')
    .flatMap(placesIn);
  if (places.length === 0) throw new Error('no place is found that anything is sealed to');
  return [...seal, ...places];
}

/** The object literals of a file that have all parts of a place, and no others. */
function placesIn(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    ObjectExpression: ({ properties }) => {
      const byName = new Map(properties.map((property) => [nameOf(property), property]));
      if (byName.size !== parts.length || !parts.every((part) => byName.has(part))) return;
      for (const [name, { start, end }] of byName) {
        const about = `${name} in the place of a seal`;
        const { file, lineOf } = source;
        const near = [{ file: 'test/store/sealed-places.test.ts' }, ...nearTestsOf(file)];
        found.push({ kind: 'seal', file, line: lineOf(start), about, start, end, replacement: `${name}: '-'`, near });
      }
    },
  }).visit(source.program);
  return found;
}

const nameOf = (property: ESTree.ObjectPropertyKind): string =>
  property.type === 'Property' && property.key.type === 'Identifier' ? property.key.name : '';
