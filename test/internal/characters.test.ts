import { expect, it } from 'vitest';
import { hasControl } from '../../src/internal/characters.js';

it('finds just what Unicode calls a control character or a surrogate', () => {
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point);
    if (hasControl(`a${character}b`) !== /[\p{Cc}\p{Cs}]/u.test(character))
      expect.fail(`U+${point.toString(16)}`);
  }
});
