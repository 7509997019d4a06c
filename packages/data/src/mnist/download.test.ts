// MNIST from web servers: good ones, and every way in which one fails.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DataError, FormatError } from '@nn/core';
import { afterEach, describe, expect, it } from 'vitest';
import { idxFile, unsignedByte } from '../testing/idx-file.ts';
import { loadMnistSplit } from './load.ts';

const files: Record<string, Uint8Array> = {
  '/set/t10k-images-idx3-ubyte.gz': gzipSync(
    idxFile(
      unsignedByte,
      [2, 2, 3],
      Uint8Array.from({ length: 12 }, (_, i) => i),
    ),
  ),
  '/set/t10k-labels-idx1-ubyte': idxFile(unsignedByte, [2], [7, 3]),
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const goodAnswer: Answer = (request, response) => {
  const body = files[request.url ?? ''];
  response.writeHead(body === undefined ? 404 : 200).end(body);
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a good server', () => {
  it('is asked for the compressed file, then the plain one, below the folder', async () => {
    const asked: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url);
      goodAnswer(request, response);
    });
    for (const url of [`${origin}/set`, new URL(`${origin}/set/`)]) {
      const test = await loadMnistSplit('test', { url, scale: 1 });
      expect(test.x.slice().toArray()).toEqual([
        [0, 1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10, 11],
      ]);
      expect([...test.y.slice().data]).toEqual([7, 3]);
    }
    expect(asked.slice(0, 3)).toEqual(['/set/t10k-images-idx3-ubyte.gz', '/set/t10k-labels-idx1-ubyte.gz', '/set/t10k-labels-idx1-ubyte']);
  });

  it('may take longer than the timeout as long as something arrives', async () => {
    const url = await serve((request, response) => {
      const body = files[`/set${request.url}`];
      if (body === undefined) response.writeHead(404).end();
      else dribble(response, body);
    });
    expect((await loadMnistSplit('test', { url, stallTimeout: 250 })).size).toBe(2);
  });

  it('may unpack on the way (content encoding), and redirect within itself', async () => {
    const origin = await serve((request, response) => {
      if (request.url?.startsWith('/old/') === true) response.writeHead(302, { location: request.url.replace('/old/', '/set/') }).end();
      else if (request.url?.endsWith('.gz') === true) response.setHeader('content-encoding', 'gzip');
      if (!response.writableEnded) goodAnswer(request, response);
    });
    expect((await loadMnistSplit('test', { url: `${origin}/old/` })).size).toBe(2);
  });
});

describe('a bad server', () => {
  const half = files['/set/t10k-images-idx3-ubyte.gz']!.subarray(0, 20);
  it.each<[string, Answer, new (...args: never[]) => Error, string]>([
    [
      'without the files',
      (_, response) => response.writeHead(404).end(),
      DataError,
      'has no file t10k-images-idx3-ubyte: t10k-images-idx3-ubyte.gz answers 404; ',
    ],
    ['that fails', (_, response) => response.writeHead(500).end(), DataError, 'answers 500'],
    [
      'with a web page for everything',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>'),
      DataError,
      'answers with a web page',
    ],
    ['with a web page that does not say so', (_, response) => response.end('<!doctype html>'), FormatError, 'a web page?'],
    ['with an empty body', (_, response) => response.end(), FormatError, 'ends after 0 bytes'],
    ['with half a file', (_, response) => response.end(half), FormatError, 'the gzip data is damaged'],
    [
      'that breaks off',
      (_, response) => response.writeHead(200, { 'content-length': 100 }).write(half, () => response.destroy()),
      DataError,
      'could not be read',
    ],
    ['with an endless body', (_, response) => endless(response), FormatError, 'but has more'],
  ])('%s', async (_, answer, error, message) => {
    const url = await serve(answer);
    await expect(loadMnistSplit('test', { url })).rejects.toThrow(error);
    await expect(loadMnistSplit('test', { url })).rejects.toThrow(message);
  });

  it('that sends one to another host is not followed', async () => {
    const other = await serve(goodAnswer);
    const url = await serve((request, response) => response.writeHead(302, { location: other + request.url }).end());
    await expect(loadMnistSplit('test', { url: `${url}/set` })).rejects.toThrow(`redirects to another host, ${other}`);
  });

  it.each<[string, Answer]>([
    ['never answers', () => {}],
    ['stops in the middle', (_, response) => response.write(half)],
  ])('that %s is given up', async (_, answer) => {
    const url = await serve(answer);
    await expect(loadMnistSplit('test', { url, stallTimeout: 50 })).rejects.toThrow('sent nothing for 0.05 s');
  });

  it('that is not there gives the reason', async () => {
    const url = await serve(goodAnswer);
    servers.pop()!.close();
    await expect(loadMnistSplit('test', { url })).rejects.toThrow(DataError);
    await expect(loadMnistSplit('test', { url: 'mnist/' })).rejects.toThrow('mnist/ is no address');
    await expect(loadMnistSplit('test', { url: 'file:///tmp/' })).rejects.toThrow(DataError);
  });

  it('is left at once when the signal says so', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const url = await serve((_, response) => {
      response.write(half);
      setTimeout(() => controller.abort(reason), 20);
    });
    await expect(loadMnistSplit('test', { url, signal: controller.signal })).rejects.toBe(reason);
  });
});

/** Sends the body over 360 ms, in six pieces. */
function dribble(response: ServerResponse, body: Uint8Array): void {
  const length = Math.ceil(body.length / 6);
  for (let piece = 0; piece < 6; piece++) setTimeout(() => response.write(body.subarray(piece * length, (piece + 1) * length)), 60 * piece);
  setTimeout(() => response.end(), 360);
}

function endless(response: ServerResponse): void {
  const body = idxFile(unsignedByte, [1, 2, 3], new Uint8Array(2 ** 16));
  const more = (): void => {
    while (response.write(body));
    response.once('drain', more);
  };
  more();
}
