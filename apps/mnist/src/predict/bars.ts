// Probabilities as bars of text.

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const barWidth = 30;

/** A line for each class: its number, a bar and the probability; an arrow at the largest. */
export function drawProbabilities(probabilities: ArrayLike<number>): string {
  const values = Array.from(probabilities);
  const best = indexOfLargest(values);
  const digits = String(values.length - 1).length;
  return values
    .map((value, index) => {
      const percent = `${(100 * value).toFixed(1)} %`.padStart(7);
      return `${String(index).padStart(digits)}  ${bar(value).padEnd(barWidth)} ${percent}${index === best ? '  ←' : ''}`;
    })
    .join('\n');
}

/** The first of the largest numbers; NaN is none. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}

function bar(part: number): string {
  const units = Math.round(Math.min(1, Math.max(0, part)) * barWidth * 8);
  return '█'.repeat(Math.floor(units / 8)) + eighths[units % 8]!;
}
