// MNIST files from a web server.
import type { NdArray } from '@nn/core';
import { DataError, isNnError } from '@nn/core';
import { readIdx } from '../idx/read.ts';
import type { ReadMnistFile } from './files.ts';
import { variantsOf } from './files.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without data after which a download is given up. */
  readonly stallTimeout: number;
}

/**
 * The files below an address, under their usual names, as they are or compressed with gzip.
 * @throws DataError when a file is missing, the server cannot be reached, stalls or sends one to another host; FormatError for a body that is
 * no complete IDX file.
 */
export function downloadedFiles(folder: string | URL, options: DownloadOptions): ReadMnistFile {
  const base = folderUrl(folder);
  return async ({ name }) => {
    const refusals: string[] = [];
    for (const variant of variantsOf(name)) {
      const result = await download(new URL(variant, base), options);
      if (typeof result !== 'string') return result;
      refusals.push(`${variant} ${result}`);
    }
    throw new DataError(`${base.href} has no file ${name}: ${refusals.join('; ')}.`, 'data.missing');
  };
}

/** The array, or why there is none at this address. */
async function download(url: URL, { signal, stallTimeout }: DownloadOptions): Promise<NdArray | string> {
  signal?.throwIfAborted();
  const watch = watchForStall(url, stallTimeout);
  const abort = (): void => watch.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    const response = await fetch(url, { signal: watch.signal });
    const refusal = refusalOf(response, url);
    if (refusal !== undefined || response.body === null) {
      await response.body?.cancel();
      return refusal ?? 'is empty';
    }
    const progress = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        watch.progress();
        controller.enqueue(chunk);
      },
    });
    return await readIdx(response.body.pipeThrough(progress), { name: url.href });
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (isNnError(error)) throw error;
    throw new DataError(`${url.href} could not be read: ${error instanceof Error ? error.message : String(error)}.`, 'data.missing', {
      cause: error,
    });
  } finally {
    watch.stop();
    signal?.removeEventListener('abort', abort);
  }
}

function refusalOf(response: Response, url: URL): string | undefined {
  const arrived = new URL(response.url);
  if (arrived.origin !== url.origin) {
    throw new DataError(`${url.href} redirects to another host, ${arrived.origin}. Give that address if you trust it.`);
  }
  if (!response.ok) return `answers ${response.status}`;
  // Servers of single-page applications answer every unknown address like this.
  return response.headers.get('content-type')?.includes('text/html') === true ? 'answers with a web page' : undefined;
}

function watchForStall(url: URL, milliseconds: number) {
  const controller = new AbortController();
  const giveUp = (): void =>
    controller.abort(new DataError(`${url.href} sent nothing for ${milliseconds / 1000} s; the download was given up.`));
  let timer = setTimeout(giveUp, milliseconds);
  return {
    signal: controller.signal,
    abort: (reason: unknown): void => controller.abort(reason),
    progress(): void {
      clearTimeout(timer);
      timer = setTimeout(giveUp, milliseconds);
    },
    stop: (): void => clearTimeout(timer),
  };
}

function folderUrl(folder: string | URL): URL {
  const page = (globalThis as { location?: Location }).location?.href;
  try {
    const url = new URL(folder, page);
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  } catch (error) {
    throw new DataError(`${String(folder)} is no address: give the url of a folder, such as https://example.org/mnist/.`, 'data.missing', {
      cause: error,
    });
  }
}
