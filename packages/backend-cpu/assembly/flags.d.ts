// What the build decides. Test with `isDefined(RELAXED)`: true in the variant that uses relaxed SIMD instructions.
declare const RELAXED: i32;
