// What kernels are called with: arrays, and numbers. Programs that do the same with arrays of other shapes differ in numbers alone: extents,
// strides, bounds of loops, constants. Where kernels take long to compile these are arguments, so that one kernel serves all shapes.

/** A number that a kernel is called with, after its arrays. */
export interface NumberArgument {
  readonly name: string;
  readonly type: 'Integer' | 'Float';
  readonly value: number;
}

/** The parameter that is an array. */
export function arrayName(index: number): string {
  return `a${index}`;
}

/** How texts carry a number until their kernel is complete. */
const carried = /#(\w+)([:~])([^;]+);/g;

/** The text of a size: an extent, a stride, a bound. `name` says what it is in this kernel; it is that of no variable there. */
export function sizeText(name: string, value: number): string {
  return `#${name}:${value};`;
}

/** The text of a constant that an expression computes with. */
export function numberText(name: string, value: number): string {
  return `#${name}~${value};`;
}

/** The complete text: numbers stand in it as they are. */
export function withNumbers(text: string): string {
  return text.replace(carried, (_, _name, _kind, value: string) => value).replaceAll('+ -', '- ');
}

/** The complete text with arguments in place of its numbers. A name that stands for several numbers becomes as many arguments. */
export function withArguments(text: string): { readonly text: string; readonly numbers: readonly NumberArgument[] } {
  const found = new Map<string, NumberArgument>();
  const named = text.replace(carried, (whole, role: string, kind: string, value: string) => {
    const known = found.get(whole);
    if (known !== undefined) return known.name;
    let name = role;
    const taken = [...found.values()];
    for (let count = 2; taken.some((other) => other.name === name); count++) name = `${role}n${count}`;
    found.set(whole, { name, type: kind === ':' ? 'Integer' : 'Float', value: Number(value) });
    return name;
  });
  return { text: named, numbers: [...found.values()] };
}
