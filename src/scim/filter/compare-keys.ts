import { compareText } from '../comparison/compare-text.ts';
import type { CompareOperator } from './filter.ts';

/** Whether two comparison keys stand in a relation. */
export function compareKeys(left: string, operator: CompareOperator, right: string): boolean {
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'co':
      return left.includes(right);
    case 'sw':
      return left.startsWith(right);
    case 'ew':
      return left.endsWith(right);
    case 'gt':
      return compareText(left, right) > 0;
    case 'ge':
      return compareText(left, right) >= 0;
    case 'lt':
      return compareText(left, right) < 0;
    case 'le':
      return compareText(left, right) <= 0;
  }
}
