// Pictures as text.
import { expect, it } from 'vitest';
import { drawPicture } from './digit.ts';

const picture = { height: 3, width: 4, pixels: [1, 1, 0, 0, 1, 0, 1, 0, 0.5, 0.49, Number.NaN, 7] };

it('shows two rows in a line, in black and white', () => {
  expect(drawPicture(picture, { colours: false })).toBe('█▀▄\n▀  ▀');
});

it('shows 24 grays where colours are allowed', () => {
  const drawn = drawPicture({ height: 2, width: 2, pixels: [0, 1, 1, 0.5] }, { colours: true });
  expect(drawn).toBe('\u001B[38;5;232;48;5;255m▀\u001B[38;5;255;48;5;244m▀\u001B[0m');
});
