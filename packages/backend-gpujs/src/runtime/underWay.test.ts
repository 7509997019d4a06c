import { describe, expect, it } from 'vitest';
import { UnderWay } from './underWay.ts';

describe('work that is under way', () => {
  it('fails with what is reported meanwhile, whoever asked for it, and only then', async () => {
    const underWay = new UnderWay();
    const before = underWay.during(Promise.resolve('before'));
    expect(await before).toBe('before');
    let end: (value: string) => void = () => {};
    const meanwhile = underWay.during(new Promise<string>((resolve) => (end = resolve)));
    underWay.fail(new Error('first'));
    underWay.fail(new Error('second'));
    end('meanwhile');
    await expect(meanwhile).rejects.toThrow('first');
    expect(await underWay.during(Promise.resolve('after'))).toBe('after');
  });

  it('throws its own error before that of others', async () => {
    const underWay = new UnderWay();
    const failing = underWay.during(Promise.reject(new RangeError('its own')));
    underWay.fail(new Error('reported'));
    await expect(failing).rejects.toThrow('its own');
  });
});
