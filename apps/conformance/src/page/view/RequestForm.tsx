// What to run. Sending the form opens the address of the run.
import { levels, tiers } from '@nn/conformance';
import type { ComponentChildren } from 'preact';
import { candidates } from '../../candidates.ts';
import type { RunRequest } from '../../request.ts';

export function RequestForm({ request }: { readonly request: RunRequest }): ComponentChildren {
  const isChosen = (name: string): boolean => request.backends.length === 0 || request.backends.includes(name);
  return (
    <form>
      <fieldset>
        <legend>Backends</legend>
        {candidates.map(({ name }) => (
          <label key={name}>
            <input type="checkbox" name="backend" value={name} defaultChecked={isChosen(name)} /> {name}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Tier</legend>
        {tiers.map((tier) => (
          <label key={tier}>
            <input type="radio" name="tier" value={tier} defaultChecked={tier === request.tier} /> {tier}
          </label>
        ))}
      </fieldset>
      <label>
        Only cases with
        <input type="search" name="filter" defaultValue={request.filter} placeholder="softmax" list="levels" />
      </label>
      <datalist id="levels">
        {levels.map((level) => (
          <option key={level} value={`${level}/`} />
        ))}
      </datalist>
      <label>
        Seed
        <input type="number" name="seed" min={0} step={1} defaultValue={String(request.seed)} />
      </label>
      <button>Run</button>
    </form>
  );
}
