import { describe, expect, it } from 'vitest';
import { CASE_STATES, THEMES } from '../src/map/themes';
import { contrast, difference, SIGHTS } from './colour';

const LEAST_MARK_CONTRAST = 3;
const LEAST_TEXT_CONTRAST = 4.5;
const LEAST_DIFFERENCE = 20;

describe.each(Object.entries(THEMES))('the %s theme', (_name, palette) => {
  it.each(CASE_STATES)('shows %s clearly on its ground', (state) => {
    expect(contrast(palette.states[state], palette.ground)).toBeGreaterThanOrEqual(LEAST_MARK_CONTRAST);
  });

  it.each(['text', 'textQuiet', 'roadText', 'keyPlace', 'border', 'grid', 'exclusive'] as const)(
    'has readable %s',
    (name) => {
      const least = name === 'border' || name === 'grid' ? LEAST_MARK_CONTRAST : LEAST_TEXT_CONTRAST;
      expect(contrast(palette[name], palette.ground)).toBeGreaterThanOrEqual(least);
    },
  );

  it.each(Object.keys(SIGHTS))('keeps the states apart for %s sight', (sight) => {
    const matrix = SIGHTS[sight];
    if (matrix === undefined) throw new Error(sight);
    for (const [i, one] of CASE_STATES.entries()) {
      for (const other of CASE_STATES.slice(i + 1)) {
        const far = difference(palette.states[one], palette.states[other], matrix);
        expect(far, `${one} and ${other}`).toBeGreaterThanOrEqual(LEAST_DIFFERENCE);
      }
    }
  });
});
