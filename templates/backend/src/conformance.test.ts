// Every op, layer, optimizer and loss beside the float64 reference, training, memory and errors.
import { describeBackend } from '@nn/conformance/vitest';
import { mineBackend } from './index.ts';

describeBackend('mine', () => mineBackend());
