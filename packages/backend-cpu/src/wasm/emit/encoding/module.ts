// A WebAssembly module of functions over one imported memory.
import { ByteWriter } from './bytes.ts';
import type { FunctionBuilder, Signature } from './functionBuilder.ts';
import { valueTypes } from './opcodes.ts';

export interface ModuleFunction {
  readonly builder: FunctionBuilder;
  /** Left out where only other functions of the module call it. */
  readonly exportName?: string;
}

const sectionIds = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** A shared memory with limits in pages. */
const sharedLimits = 0x03;
const functionType = 0x60;
const memoryKind = 0x02;
const functionKind = 0x00;

/**
 * The binary of a module that imports its memory as `env.memory`: a shared one, of at most 65536 pages.
 * @param functions by their index, which `FunctionBuilder.call` takes
 */
export function encodeModule(functions: readonly ModuleFunction[]): Uint8Array<ArrayBuffer> {
  const module = new ByteWriter();
  module.append(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
  const section = (name: keyof typeof sectionIds, entries: readonly ((writer: ByteWriter) => void)[]): void => {
    const content = new ByteWriter();
    content.unsigned(entries.length);
    for (const write of entries) write(content);
    module.byte(sectionIds[name]);
    module.unsigned(content.length);
    module.append(content.bytes());
  };

  const types = [...new Map(functions.map(({ builder }) => [signatureKey(builder.signature), builder.signature]))];
  const typeIndex = new Map(types.map(([key], index) => [key, index]));
  section(
    'type',
    types.map(
      ([, signature]) =>
        (writer) =>
          writeSignature(writer, signature),
    ),
  );
  section('import', [
    (writer) => {
      writer.text('env');
      writer.text('memory');
      writer.byte(memoryKind);
      writer.byte(sharedLimits);
      writer.unsigned(1);
      writer.unsigned(65536);
    },
  ]);
  section(
    'function',
    functions.map(
      ({ builder }) =>
        (writer) =>
          writer.unsigned(typeIndex.get(signatureKey(builder.signature))!),
    ),
  );
  section(
    'export',
    functions.flatMap(({ exportName }, index) =>
      exportName === undefined
        ? []
        : [
            (writer: ByteWriter): void => {
              writer.text(exportName);
              writer.byte(functionKind);
              writer.unsigned(index);
            },
          ],
    ),
  );
  section(
    'code',
    functions.map(({ builder }) => (writer) => {
      const body = builder.finish();
      writer.unsigned(body.length);
      writer.append(body);
    }),
  );
  return module.bytes().slice();
}

function signatureKey({ parameters, results }: Signature): string {
  return `${parameters.join(' ')} → ${results.join(' ')}`;
}

function writeSignature(writer: ByteWriter, { parameters, results }: Signature): void {
  writer.byte(functionType);
  for (const list of [parameters, results]) {
    writer.unsigned(list.length);
    for (const type of list) writer.byte(valueTypes[type]);
  }
}
