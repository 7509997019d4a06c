// What the gradient of `normalize` sums over rows: dy, and dy times x without its center.
import { firstPartials, partialBytes, rowBlock, secondMoments, secondPartials } from './columnMoments';
import { multiplyAdd } from './productTile';
import { addToSums } from './sums';

/**
 * Per column, Σ dy at `block` and Σ dy (x − center) at `block + secondMoments`, in float64. Whole vectors are read at the end.
 * @param centers one for each column
 */
export function addColumnProducts(x: usize, dy: usize, step: usize, rows: i32, block: usize, centers: usize, count: i32): void {
  memory.fill(block, 0, firstPartials);
  for (let row = 0; row < rows; row += rowBlock, x += <usize>rowBlock * step, dy += <usize>rowBlock * step) {
    memory.fill(block + firstPartials, 0, partialBytes);
    addPartialProducts(x, dy, step, min(rowBlock, rows - row), block, centers, count);
    for (let at: usize = 0; at < <usize>count << 2; at += 16) {
      addToSums(block + 2 * at, v128.load(block + at, firstPartials));
      addToSums(block + secondMoments + 2 * at, v128.load(block + at, secondPartials));
    }
  }
}

function addPartialProducts(x: usize, dy: usize, step: usize, rows: i32, block: usize, centers: usize, count: i32): void {
  const end = <usize>count << 2;
  let row = 0;
  for (; row + 4 <= rows; row += 4, x += step << 2, dy += step << 2) {
    for (let at: usize = 0; at < end; at += 16) {
      const center = v128.load(centers + at);
      let fromX = x + at;
      let from = dy + at;
      const a = v128.load(from);
      const b = v128.load((from += step));
      let product = f32x4.mul(a, f32x4.sub(v128.load(fromX), center));
      product = multiplyAdd(b, f32x4.sub(v128.load((fromX += step)), center), product);
      const c = v128.load((from += step));
      const d = v128.load((from += step));
      let other = f32x4.mul(c, f32x4.sub(v128.load((fromX += step)), center));
      other = multiplyAdd(d, f32x4.sub(v128.load((fromX += step)), center), other);
      const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
      v128.store(block + at, f32x4.add(v128.load(block + at, firstPartials), sum), firstPartials);
      v128.store(block + at, f32x4.add(v128.load(block + at, secondPartials), f32x4.add(product, other)), secondPartials);
    }
  }
  for (; row < rows; row++, x += step, dy += step) {
    for (let at: usize = 0; at < end; at += 16) {
      const value = v128.load(dy + at);
      v128.store(block + at, f32x4.add(v128.load(block + at, firstPartials), value), firstPartials);
      const difference = f32x4.sub(v128.load(x + at), v128.load(centers + at));
      v128.store(block + at, multiplyAdd(value, difference, v128.load(block + at, secondPartials)), secondPartials);
    }
  }
}
