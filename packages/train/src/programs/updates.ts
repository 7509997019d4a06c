// What a step writes: the optimizer's new parameters and slots, and nothing at all when the step is to be skipped.
import type { Context, Optimizer, Session, StepScalars, Tensor, VariableSpec } from '@nn/core';
import { ShapeError, TraceError, joinPath, sameShape, specText, variableTensorSpec, where } from '@nn/core';
import type { ParameterRules } from '../rules/rules.ts';
import { expectTensor } from './expectTensors.ts';
import { readParameter } from './objective.ts';

/** `optimizer/dense1/kernel/m`: the variable that holds a slot of a parameter. */
export function slotPath(parameter: string, slot: string): string {
  return `optimizer/${parameter}/${slot}`;
}

/** The optimizer's variables for parameters, by path. */
export function optimizerSlots(
  optimizer: Optimizer,
  parameters: Iterable<readonly [path: string, spec: VariableSpec]>,
): Map<string, VariableSpec> {
  const slots = new Map<string, VariableSpec>();
  for (const [path, parameter] of parameters) {
    const declared = Object.entries(optimizer.variables(variableTensorSpec(parameter)));
    for (const [slot, spec] of declared) slots.set(slotPath(path, slot), spec);
  }
  return slots;
}

/** Records the update of one parameter and of its slots. @throws ShapeError when the optimizer's or a constraint's result does not fit */
export function recordUpdate(
  session: Session,
  { path, gradient, rules }: { readonly path: string; readonly gradient: Tensor; readonly rules: ParameterRules },
  optimizer: Optimizer,
  scalars: Omit<StepScalars, 'scheduled'>,
): void {
  const parameter = readParameter(session, path);
  const learningRate = rules.learningRate === 1 ? scalars.learningRate : scalars.learningRate.mul(rules.learningRate);
  const context = {
    ...slotContext(session, path, optimizer),
    step: scalars.step,
    learningRate,
    scheduled: scheduledNumbers(session, optimizer),
  };
  const updated: unknown = optimizer.update(parameter, gradient, context);
  expectTensor(updated, `The optimizer ${optimizer.kind}`);
  const pulled = rules.regularizers.reduce((value, { proximal }) => proximal?.(value, learningRate) ?? value, updated);
  const projected = rules.constraints.reduce((value, constraint) => {
    const next: unknown = constraint.apply(value);
    expectTensor(next, `The constraint ${constraint.kind}`);
    return next;
  }, pulled);
  if (!sameShape(projected.shape, parameter.shape)) {
    throw new ShapeError(`The update of "${path}" ${specText(parameter)} gives ${specText(projected)}.`);
  }
  session.trace.writeVariable(path, projected);
}

/** A number of a step that one of the optimizer's schedules gives, as an input: f32 []. */
export function scheduledInput(name: string): string {
  return `scheduled/${name}`;
}

function scheduledNumbers({ trace }: Session, { schedules = {} }: Optimizer): Readonly<Record<string, Tensor>> {
  const inputOf = (name: string): Tensor =>
    trace.existingInput(scheduledInput(name)) ?? trace.input(scheduledInput(name), { shape: [], dtype: 'f32' });
  return Object.fromEntries(Object.keys(schedules).map((name) => [name, inputOf(name)]));
}

/** Makes every variable keep its value unless `finite` (bool []) holds. It selects, so what is not chosen does no harm. */
export function keepUnless(finite: Tensor, session: Session, variables: Iterable<readonly [path: string, spec: VariableSpec]>): void {
  const { trace } = session;
  for (const [path, spec] of variables) {
    const before = trace.readVariable(path, variableTensorSpec(spec));
    const after = trace.currentValue(path);
    if (after !== undefined && after !== before) trace.within(path, () => trace.writeVariable(path, where(finite, after, before)));
  }
}

/** An optimizer sees its slots of one parameter and nothing else. */
function slotContext(session: Session, path: string, optimizer: Optimizer): Context {
  const { trace } = session;
  const slots = optimizerSlots(optimizer, [[path, session.declared.get(path)!]]);
  const read = (slot: string): Tensor => {
    const spec = slots.get(slotPath(path, slot));
    if (spec === undefined) throw new TraceError(`The optimizer ${optimizer.kind} has no slot "${slot}". Declare it in variables().`);
    return trace.readVariable(slotPath(path, slot), variableTensorSpec(spec));
  };
  const refuse = (what: string) => (): never => {
    throw new TraceError(`The optimizer ${optimizer.kind} asks for ${what}; an optimizer has its slots, the step and the learning rate.`);
  };
  return {
    training: true,
    path: joinPath('optimizer', path),
    get(slot) {
      read(slot);
      return trace.currentValue(slotPath(path, slot))!;
    },
    set(slot, value) {
      read(slot);
      trace.writeVariable(slotPath(path, slot), value);
    },
    uniform: refuse('random numbers'),
    call: refuse('a layer'),
    tap: refuse('a tap'),
  };
}
