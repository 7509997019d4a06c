// Class labels: checked before a backend sees them, because an index out of range is silently wrong on a GPU.
import type { ArrayLike } from '@nn/core';
import { checkInteger, DataError, NdArray, ndarray, shapeText } from '@nn/core';

/**
 * Labels as class indices: i32 [rows]. Whole numbers of another dtype (bytes, or f32 from a nested array) are converted.
 *
 * @param labels [rows], each a whole number from 0 to `classes` − 1
 * @throws DataError naming index and value of the first label that is negative, too large or no whole number, or the shape of labels that
 * are one-hot rows; ConfigError unless `classes` is an integer of at least 1.
 */
export function checkLabels(labels: NdArray, classes: number): NdArray {
  checkInteger('labels', 'classes', classes, { from: 1 });
  if (labels.shape.length !== 1) throw new DataError(shapeMessage(labels, classes));
  const { data } = labels;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isInteger(value)) {
      throw new DataError(`Label ${i} is ${value}; a class index is a whole number from 0 to ${classes - 1}.`);
    }
    if (value < 0 || value >= classes) {
      throw new DataError(rangeMessage(i, value, classes));
    }
  }
  return labels.dtype === 'i32' ? labels : new NdArray(Int32Array.from(data), labels.shape, 'i32');
}

/**
 * One row per label, 1 in the column of its class and 0 elsewhere: f32 [rows, classes].
 *
 * @param labels [rows] @throws as {@link checkLabels}
 */
export function oneHot(labels: ArrayLike, classes: number): NdArray {
  const indices = checkLabels(ndarray(labels), classes).data;
  const rows = new Float32Array(indices.length * classes);
  indices.forEach((label, row) => (rows[row * classes + label] = 1));
  return new NdArray(rows, [indices.length, classes], 'f32');
}

function rangeMessage(index: number, label: number, classes: number): string {
  if (classes === 1) {
    return `Label ${index} is ${label}, but there is one class, which all labels of 0 are of. One score for an answer by yes or no is judged by binaryCrossEntropy().`;
  }
  const hint = label === classes ? ' Labels that count from 1 need 1 subtracted.' : '';
  return `Label ${index} is ${label}, but there are ${classes} classes: labels go from 0 to ${classes - 1}.${hint}`;
}

function shapeMessage(labels: NdArray, classes: number): string {
  const is = `Labels have the shape ${shapeText(labels.shape)}, but class indices are one number per row: [rows].`;
  const width = labels.shape.length === 2 ? labels.shape[1] : undefined;
  if (width === 1) return `${is} Use labels.reshape([-1]).`;
  if (width === classes) return `${is} These look like one-hot rows: give the column of the 1 instead.`;
  return is;
}
