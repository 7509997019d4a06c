// Numbers as people read them.

/** "23,100": whole, with separators. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** "97.84 %" from 0.9784. */
export function percentText(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}

/** "0.0712", and "7.7e+28" for what is too large to be written out. */
export function lossText(loss: number): string {
  return loss < 1e4 ? loss.toFixed(4) : loss.toExponential(1);
}

/** "8.4 s", "45 s" or "3 min 05 s". */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** "3:05": minutes and seconds. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Lines of cells in columns. @param textColumns the first so many are aligned to the left, the others, numbers, to the right */
export function alignColumns(rows: readonly (readonly string[])[], textColumns: number): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
