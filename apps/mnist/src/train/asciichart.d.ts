// asciichart comes without types; this is what is used of it.
declare module 'asciichart' {
  export interface PlotConfig {
    /** Rows between the smallest and the largest value. */
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly format?: (value: number) => string;
    /** A control sequence for each series. */
    readonly colors?: readonly string[];
  }
  export function plot(series: readonly number[] | readonly (readonly number[])[], config?: PlotConfig): string;
  /** Control sequences of terminals. */
  export const blue: string;
  export const cyan: string;
  export const green: string;
  export const lightred: string;
  export const magenta: string;
  export const red: string;
  export const yellow: string;
  export const reset: string;
}
