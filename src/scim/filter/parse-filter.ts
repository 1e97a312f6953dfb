import { badRequest } from '../scim-error.ts';
import { COMPARE_OPERATORS, type CompareOperator, type Filter, join, type Literal } from './filter.ts';
import { type Refuse, type Token, tokenize } from './tokenize.ts';

const MAX_LENGTH = 16_384;
const MAX_DEPTH = 50;
/** SQLite refuses expressions more than 1,000 deep, and a chain of terms is as deep as it is long. */
const MAX_COMPARISONS = 250;

const ATTRIBUTE_PATH = /^(?:urn:\S*:)?[$a-z][\w$-]*(?:\.[$a-z][\w$-]*)?$/i;
const SUB_ATTRIBUTE = /^\.[$a-z][\w$-]*$/i;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether a text has the form of an attribute's path: `name`, `name.sub`, `urn:…:name.sub`. */
export function isAttributePath(text: string): boolean {
  return ATTRIBUTE_PATH.test(text);
}

/**
 * Parses a filter (RFC 7644 §3.4.2.2) into its tree. Unless `strict`, values may stand without quotes, and a
 * sub-attribute may follow a value path (`emails[type eq "work"].value eq "x"`), as Entra writes it; the latter
 * becomes a term inside the brackets, since it speaks of the same element.
 * Throws 400 `invalidFilter` with the position of the fault.
 */
export function parseFilter(text: string, { strict = false }: { strict?: boolean } = {}): Filter {
  return parseFilterIn(text, 'filter', strict);
}

/** The same for a filter that is part of something else, named in the error: a path's brackets. */
export function parseFilterIn(text: string, source: string, strict: boolean): Filter {
  if (text.length > MAX_LENGTH) {
    throw badRequest('invalidFilter', `${source}: longer than ${MAX_LENGTH} characters`);
  }
  const refuse: Refuse = (position, what) =>
    badRequest('invalidFilter', `${source}, character ${position + 1}: ${what}`);
  const parser = new FilterParser(tokenize(text, refuse), refuse, strict);
  return parser.parse();
}

class FilterParser {
  readonly #tokens: readonly Token[];
  readonly #refuse: Refuse;
  readonly #strict: boolean;
  #next = 0;
  #depth = 0;
  #comparisons = 0;

  constructor(tokens: readonly Token[], refuse: Refuse, strict: boolean) {
    this.#tokens = tokens;
    this.#refuse = refuse;
    this.#strict = strict;
  }

  parse(): Filter {
    const filter = this.#or(false);
    const rest = this.#take();
    if (rest.kind !== 'end') throw this.#expected('"and", "or" or the end', rest);
    return filter;
  }

  #or(inBrackets: boolean): Filter {
    const terms = [this.#and(inBrackets)];
    while (this.#takeWord('or')) terms.push(this.#and(inBrackets));
    return join('or', terms);
  }

  #and(inBrackets: boolean): Filter {
    const terms = [this.#term(inBrackets)];
    while (this.#takeWord('and')) terms.push(this.#term(inBrackets));
    return join('and', terms);
  }

  #term(inBrackets: boolean): Filter {
    const token = this.#take();
    if (token.kind === '(') return this.#nested(token, ')', inBrackets);
    if (token.kind !== 'word') throw this.#expected('an attribute', token);
    if (token.text.toLowerCase() === 'not' && this.#peek().kind === '(') {
      return { kind: 'not', term: this.#nested(this.#take(), ')', inBrackets) };
    }
    if (!isAttributePath(token.text)) throw this.#expected('an attribute', token);
    if (this.#peek().kind !== '[') return this.#comparison(token.text);
    if (inBrackets) throw this.#refuse(this.#peek().position, 'brackets cannot stand inside brackets');
    return this.#valuePath(token.text);
  }

  #valuePath(path: string): Filter {
    const filter = this.#nested(this.#take(), ']', true);
    const sub = this.#peek();
    if (sub.kind !== 'word' || !SUB_ATTRIBUTE.test(sub.text)) return { kind: 'valuePath', path, filter };
    if (this.#strict) throw this.#refuse(sub.position, 'a sub-attribute after brackets is not in RFC 7644');
    this.#take();
    return { kind: 'valuePath', path, filter: join('and', [filter, this.#comparison(sub.text.slice(1))]) };
  }

  #nested(opening: Token, closing: ')' | ']', inBrackets: boolean): Filter {
    if (++this.#depth > MAX_DEPTH) throw this.#refuse(opening.position, `nested more than ${MAX_DEPTH} deep`);
    const filter = this.#or(inBrackets);
    const token = this.#take();
    if (token.kind !== closing) throw this.#expected(`"and", "or" or "${closing}"`, token);
    this.#depth--;
    return filter;
  }

  #comparison(path: string): Filter {
    const token = this.#take();
    if (++this.#comparisons > MAX_COMPARISONS) {
      throw this.#refuse(token.position, `more than ${MAX_COMPARISONS} comparisons`);
    }
    const operator = token.kind === 'word' ? token.text.toLowerCase() : '';
    if (operator === 'pr') return { kind: 'present', path };
    if (!isCompareOperator(operator)) throw this.#expected('an operator (eq ne co sw ew gt ge lt le pr)', token);
    return { kind: 'compare', path, operator, value: this.#literal() };
  }

  #literal(): Literal {
    const token = this.#take();
    if (token.kind === 'string') return token.text;
    if (token.kind !== 'word') throw this.#expected('a value', token);
    if (token.text === 'true') return true;
    if (token.text === 'false') return false;
    if (token.text === 'null') return null;
    if (NUMBER.test(token.text) && Number.isFinite(Number(token.text))) {
      // 1.0 or 1e3 may be meant as text: a number that would print otherwise stays as it was written.
      const number = Number(token.text);
      if (this.#strict || String(number) === token.text) return number;
    }
    if (this.#strict) throw this.#expected('a value in quotation marks', token);
    if (token.text.includes('\0')) throw this.#refuse(token.position, 'a value cannot hold the character U+0000');
    return token.text.toWellFormed();
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', position: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #expected(what: string, found: Token) {
    const shown = found.kind === 'end' ? 'the end' : JSON.stringify(found.text.slice(0, 80));
    return this.#refuse(found.position, `expected ${what}, found ${shown}`);
  }
}

function isCompareOperator(word: string): word is CompareOperator {
  return COMPARE_OPERATORS.has(word);
}
