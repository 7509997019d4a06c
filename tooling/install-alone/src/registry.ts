// A package registry for one test: packs the workspace's packages and serves them to npm, the way a real registry would.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from './run.ts';

/** A packed package: its published package.json and its tarball. */
export interface Tarball {
  readonly name: string;
  readonly bytes: Buffer;
  readonly manifest: Manifest;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Packs every package of the workspace at `root` into `directory`. */
export async function packAll(root: string, directory: string): Promise<Tarball[]> {
  await run(root, 'pnpm', ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', directory]);
  const files = await readdir(directory);
  return Promise.all(
    files.map(async (file) => {
      const manifest = JSON.parse(await run(directory, 'tar', ['-xzOf', file, 'package/package.json'])) as Manifest;
      return { name: manifest.name, bytes: await readFile(join(directory, file)), manifest };
    }),
  );
}

/** Serves the tarballs on a free port of this machine until `close`. */
export async function serve(tarballs: readonly Tarball[]): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const tarball = tarballs.find(({ name }) => path === name || path === `${name}.tgz`);
    if (tarball === undefined) response.writeHead(404).end();
    else response.end(path.endsWith('.tgz') ? tarball.bytes : JSON.stringify(packument(tarball, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close() };
}

/** What npm asks a registry about a package. */
function packument({ name, bytes, manifest }: Tarball, url: string): object {
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const version = { ...manifest, dist: { tarball: `${url}/${name}.tgz`, integrity } };
  return { name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: version } };
}
