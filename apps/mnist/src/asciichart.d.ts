// asciichart comes without types; this is what is used of it.
declare module 'asciichart' {
  export interface PlotConfig {
    /** Rows between the smallest and the largest value. */
    readonly height?: number;
    readonly format?: (value: number) => string;
  }
  export function plot(series: readonly number[], config?: PlotConfig): string;
}
