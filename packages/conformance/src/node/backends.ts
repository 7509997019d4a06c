// Backends by name, package or path, imported when they are asked for.
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Backend } from '@nn/core';
import { BackendError, ConfigError, isNnError } from '@nn/core';
import type { Peers } from '../suite/contract.ts';

/** What a backend's module exports. */
export type Factory = (options?: Options) => Backend | Promise<Backend>;

/** What a variant asks for. */
type Options = Readonly<Record<string, string | number | boolean>>;

/**
 * Makes a backend.
 * @param request `cpu` (the package `@nn/backend-cpu`), `tfjs:webgpu` (one with a variant, which its factory gets as `device`, or as `mode`
 * if it knows no device), `cpu:threads=1,memoryLimit=1e9` (with options), another package's name, or a path that starts with `.` or `/`
 * @throws BackendError `backend.unavailable` when the package is not installed or cannot be loaded; ConfigError when it exports no factory
 */
export async function requestBackend(request: string): Promise<Backend> {
  return (await find(request))({});
}

/**
 * The same backend on one thread and on one thread more than it has. Undefined where it has one thread, and where its factory takes no
 * `threads`.
 */
export async function requestPeers(request: string, { capabilities: { threads } }: Backend): Promise<Peers | undefined> {
  if (threads === 1) return undefined;
  const create = await find(request);
  const on = (count: number) => () => create({ threads: count });
  try {
    const single = await on(1)();
    await single.dispose();
    if (single.capabilities.threads !== 1) return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
  return { 'one thread': on(1), [`${threads + 1} threads`]: on(threads + 1) };
}

/** What makes the backend of a request, with more options beside those that the request names. */
async function find(request: string): Promise<(more: Options) => Promise<Backend>> {
  const { specifier, variant } = parseRequest(request);
  return withVariant(factoryOf(await load(request, specifier), request), variant);
}

/**
 * The factory with what a variant asks for: `webgpu` is its `device`, or its `mode` if it knows no device; `threads=2,fast=true` are
 * options.
 */
export function withVariant(factory: Factory, variant: string | undefined): (more: Options) => Promise<Backend> {
  if (variant === undefined) return async (more) => factory(more);
  if (variant.includes('=')) return async (more) => factory({ ...optionsOf(variant), ...more });
  return async (more) => {
    try {
      return await factory({ device: variant, ...more });
    } catch (error) {
      if (!isNnError(error) || error.code !== 'config.unknown') throw error;
      return factory({ mode: variant, ...more });
    }
  };
}

/** `threads=1,fast=true` as a record; what reads as a number or a truth value is one. */
function optionsOf(text: string): Options {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const [name = '', value = ''] = entry.split('=', 2);
      if (value === 'true' || value === 'false') return [name, value === 'true'];
      return [name, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
    }),
  );
}

interface Request {
  /** A package or a path. */
  readonly specifier: string;
  readonly variant?: string;
}

function parseRequest(request: string): Request {
  if (request.startsWith('.') || isAbsolute(request)) return { specifier: resolve(request) };
  const [name = '', variant] = request.split(':', 2);
  if (name === '') throw new ConfigError('--backend needs a name, a package or a path: --backend cpu');
  const isPackage = name.startsWith('@') || name.includes('backend');
  return { specifier: isPackage ? name : `@nn/backend-${name}`, ...(variant === undefined ? {} : { variant }) };
}

async function load(request: string, specifier: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(located(specifier))) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (isNnError(cause)) throw cause;
    const hint = isAbsolute(specifier) ? 'Is it the path of a JavaScript module?' : `Is it installed? npm install ${specifier}`;
    const report = cause instanceof Error ? cause.message : String(cause);
    throw new BackendError(`The backend "${request}" could not be loaded. ${hint} (${report})`, 'backend.unavailable', { cause });
  }
}

/** The module of a package: as the current directory sees it, as this package does, or as it lies beside this package. */
function located(specifier: string): string {
  if (isAbsolute(specifier)) return pathToFileURL(specifier).href;
  const own = fileURLToPath(new URL('../..', import.meta.url));
  const beside = join(own, '..', specifier.split('/').at(-1)!);
  for (const place of [process.cwd(), own, beside]) {
    try {
      return pathToFileURL(createRequire(join(place, 'package.json')).resolve(specifier)).href;
    } catch {
      // The next place may know it.
    }
  }
  return specifier;
}

/** The one export that is a function called something with `Backend` at the end. */
function factoryOf(module: Readonly<Record<string, unknown>>, request: string): Factory {
  const factories = Object.entries(module).filter(
    (entry): entry is [string, Factory] => /[bB]ackend$/.test(entry[0]) && typeof entry[1] === 'function',
  );
  const [factory] = factories;
  if (factory === undefined || factories.length > 1) {
    const found = factories.length === 0 ? 'none' : factories.map(([name]) => name).join(', ');
    throw new ConfigError(`"${request}" should export one function that makes a backend, named like cpuBackend; it exports ${found}.`);
  }
  return factory[1];
}
