// Devices, stores and executables with one mistake each.
import type { Backend, Executable, NdArray, Store } from '@nn/core';
import { NdArray as HostArray, zeros } from '@nn/core';
import type { Mutant } from './mutant.ts';
import { ofBackend, ofDevice } from './mutant.ts';

/** Mutants of the life cycle. */
export const memoryMutants: readonly Mutant[] = [
  ofDevice('leak', 'buffers are never freed', 'memory', () => ({ free: () => {} })),
  ofDevice('leak', 'small buffers are never freed', 'memory', ({ free }) => ({
    free: (buffer) => void (buffer.length > 8 && free?.(buffer)),
  })),
  ofDevice('leak', 'every seventh buffer is not freed', 'memory', ({ free }) => {
    let freed = 0;
    return { free: (buffer) => void (++freed % 7 !== 0 && free?.(buffer)) };
  }),
  ofBackend('leak', 'every run holds four bytes more', 'memory', (right) =>
    wrapped(right, {
      executable(executable) {
        let runs = 0;
        return {
          run: (store, inputs) => {
            runs += 1;
            return executable.run(store, inputs);
          },
          get memory() {
            return { ...executable.memory, retained: executable.memory.retained + 4 * runs };
          },
        };
      },
    }),
  ),
  ofDevice('ownership', 'results are views of the device', 'ownership', () => ({
    read: (buffer, { shape, dtype }) => new HostArray(buffer, shape, dtype),
  })),
  ofBackend('ownership', 'variables are read from the arrays of the caller', 'variables', (right) =>
    wrapped(right, { store: (store, variables) => ({ read: async (name) => variables[name] ?? store.read(name) }) }),
  ),
  ofBackend('ownership', 'a variable is read when its turn comes, not when it is asked for', 'variables', (right) =>
    wrapped(right, {
      store: (store) => ({
        async read(name) {
          await new Promise((resolve) => void setTimeout(resolve, 1));
          return store.read(name);
        },
      }),
    }),
  ),
  ofBackend('ownership', 'one store for all', 'interleaving', (right) => {
    const known: Store[] = [];
    const sameNames = (store: Store): Store => {
      const first = known.find(({ names }) => names.join() === store.names.join());
      if (first === undefined) known.push(store);
      return first ?? store;
    };
    return wrapped(right, {
      executable: (executable) => ({ run: (stores, inputs) => executable.run(eachStore(stores, sameNames), inputs) }),
    });
  }),
  ofBackend('ownership', 'the last of several stores comes first', 'variables', (right) =>
    wrapped(right, {
      executable: (executable) => ({
        run: (stores, inputs) => executable.run('names' in stores ? stores : stores.toReversed(), inputs),
      }),
    }),
  ),
  ofBackend('errors', 'a disposed store answers', 'errors', (right) => wrapped(right, { store: () => ({ dispose: async () => {} }) })),
  ofBackend('errors', 'a value of another shape is left out in silence', 'errors', (right) =>
    wrapped(right, {
      store: (store, variables) => ({
        write(name, value) {
          if (variables[name]?.size === value.size) store.write(name, value);
        },
      }),
    }),
  ),
  ofBackend('errors', 'an input that is missing is zero', 'errors', (right) =>
    wrapped(right, {
      executable: (executable) => ({
        run(store, inputs) {
          const { program } = executable;
          const missing = Object.entries(program.inputs).filter(([name]) => !Object.hasOwn(inputs, name));
          const blank = missing.map(([name, slot]) => {
            const { shape, dtype } = program.slots[slot]!;
            return [name, zeros(shape, dtype)] as const;
          });
          return executable.run(store, { ...inputs, ...Object.fromEntries(blank) });
        },
      }),
    }),
  ),
  ofBackend('errors', 'errors without a type', 'errors', (right) => ({
    async compile(program, options) {
      try {
        return await right.compile(program, options);
      } catch (cause) {
        throw new TypeError(String(cause), { cause });
      }
    },
  })),
];

interface Changes {
  readonly store?: (right: Store, variables: Readonly<Record<string, NdArray>>) => Partial<Store>;
  readonly executable?: (right: Executable) => Partial<Executable>;
}

/** The stores of a run with others in their place. */
function eachStore(stores: Store | readonly Store[], other: (store: Store) => Store): Store | readonly Store[] {
  return 'names' in stores ? other(stores) : stores.map((store) => other(store));
}

/** Stores and executables with other methods; executables get the right stores back. */
function wrapped(right: Backend, { store: changeStore, executable: changeExecutable }: Changes): Partial<Backend> {
  const inner = new WeakMap<Store, Store>();
  return {
    async createStore(variables) {
      const store = await right.createStore(variables);
      const outer: Store = {
        names: store.names,
        bytes: store.bytes,
        read: (name) => store.read(name),
        write: (name, value) => store.write(name, value),
        dispose: () => store.dispose(),
        ...changeStore?.(store, variables),
      };
      inner.set(outer, store);
      return outer;
    },
    async compile(program, options) {
      const executable = await right.compile(program, options);
      const run: Executable['run'] = (stores, inputs) =>
        executable.run(
          eachStore(stores, (store) => inner.get(store) ?? store),
          inputs,
        );
      const base: Executable = {
        program: executable.program,
        report: executable.report,
        memory: executable.memory,
        run,
        dispose: () => executable.dispose(),
      };
      // Not a spread: a getter stays one.
      return Object.defineProperties(base, Object.getOwnPropertyDescriptors(changeExecutable?.({ ...base }) ?? {}));
    },
  };
}
