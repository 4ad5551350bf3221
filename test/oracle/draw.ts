import { L, M, N, S } from '../support/dynamodb-values.ts';
import { random } from '../support/random.ts';

const PATHS = [
  'a',
  'n',
  'l',
  'm',
  'ss',
  'ns',
  't',
  'nul',
  'b',
  'zz',
  'l[0]',
  'l[1]',
  'l[2].q',
  'l[7]',
  'm.x',
  'm.y',
  'm.deep.z',
  'm.zz',
  'm.deep',
  'a.b',
  'a[0]',
  'zz.x',
  'gsi1sk',
];
const TEXTS = ['', 'a', 'ab', 'abc', 'b', 'hello', 'é', '日本', '😀', '\uffee'];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '1.5',
  '2',
  '5',
  '10',
  '-2.50',
  '1E3',
  '0.001',
  '123456789012345678901234567890',
  '1E-20',
];
const BYTES = ['', 'AA==', 'AQ==', 'AQI=', '/w=='];

/** Random choices of one run; the same seed makes the same choices. */
export class Draw {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  weighted<T>(choices: readonly (readonly [number, T])[]): T {
    let rest = this.#next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      rest -= weight;
      if (rest < 0) return choice;
    }
    return (choices.at(-1) as readonly [number, T])[1];
  }

  /** Some of the choices, each once. */
  some<T>(choices: readonly T[]): T[] {
    const picked = choices.filter(() => this.chance(0.5));
    return picked.length > 0 ? picked : [this.of(choices)];
  }

  path(): string {
    return this.of(PATHS);
  }

  number(): { N: string } {
    return N(this.of(NUMBERS));
  }

  text(): { S: string } {
    return S(this.of(TEXTS));
  }

  set(): unknown {
    return this.of([
      { SS: this.some(['a', 'b', 'c', 'é']) },
      { NS: this.some(['1', '2', '3.5', '-1']) },
      { BS: this.some(['AA==', 'AQ==']) },
    ]);
  }

  /** The value that an item usually has under a name: mostly of one type, so that conditions often hold. */
  attribute(name: string): unknown {
    if (this.chance(0.1)) return this.value();
    switch (name) {
      case 'a':
        return this.text();
      case 'n':
        return this.number();
      case 'l':
        return L(this.number(), this.text(), M({ q: this.number() }), ...(this.chance(0.5) ? [this.value()] : []));
      case 'm':
        return M({ x: this.number(), y: this.text(), deep: M({ z: this.number() }) });
      case 'ss':
        return { SS: this.some(['a', 'b', 'c']) };
      case 'ns':
        return { NS: this.some(['1', '2', '3']) };
      case 't':
        return { BOOL: this.chance(0.5) };
      case 'nul':
        return { NULL: true };
      default:
        return { B: this.of(BYTES) };
    }
  }

  value(): unknown {
    return this.weighted<() => unknown>([
      [5, () => this.number()],
      [5, () => this.text()],
      [2, () => this.set()],
      [1, () => ({ B: this.of(BYTES) })],
      [1, () => ({ BOOL: this.chance(0.5) })],
      [1, () => ({ NULL: true })],
      [1, () => L(...Array.from({ length: this.below(3) }, () => this.number()))],
      [1, () => M({ x: this.number() })],
    ])();
  }
}
