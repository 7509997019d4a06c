// What the gradient of `normalize` sums over rows: dy, and dy times x without its center.
import { firstPartials, partialBytes, rowBlock, secondMoments, secondPartials } from './columnMoments';
import { multiplyAdd } from '../product/productTile';
import { addToSums } from '../sums';

/**
 * Per column, Σ dy at `block` and Σ dy (x − center) at `block + secondMoments`, in float64. Whole vectors are read at the end.
 * @param strip rows of which a pair of vectors is added up before the next pair
 * @param centers one for each column
 */
export function addColumnProducts(x: usize, dy: usize, step: usize, rows: i32, strip: i32, block: usize, centers: usize, count: i32): void {
  memory.fill(block, 0, firstPartials);
  for (let row = 0; row < rows; row += rowBlock, x += <usize>rowBlock * step, dy += <usize>rowBlock * step) {
    memory.fill(block + firstPartials, 0, partialBytes);
    addPartialProducts(x, dy, step, min(rowBlock, rows - row), strip, block, centers, count);
    for (let at: usize = 0; at < <usize>count << 2; at += 16) {
      addToSums(block + 2 * at, v128.load(block + at, firstPartials));
      addToSums(block + secondMoments + 2 * at, v128.load(block + at, secondPartials));
    }
  }
}

function addPartialProducts(x: usize, dy: usize, step: usize, rows: i32, strip: i32, block: usize, centers: usize, count: i32): void {
  const end = <usize>count << 2;
  const pairs = end & ~31;
  let row = 0;
  while (row + 2 <= rows) {
    const last = min(row + strip, rows & -2);
    for (let at: usize = 0; at < pairs; at += 32) {
      const to = block + at;
      const center0 = v128.load(centers + at);
      const center1 = v128.load(centers + at, 16);
      let sum0 = v128.load(to, firstPartials);
      let sum1 = v128.load(to, firstPartials + 16);
      let product0 = v128.load(to, secondPartials);
      let product1 = v128.load(to, secondPartials + 16);
      let other0 = f32x4.splat(0);
      let other1 = other0;
      let from = dy + at;
      let fromX = x + at;
      for (let line = row; line < last; line += 2) {
        const a0 = v128.load(from);
        const a1 = v128.load(from, 16);
        const difference0 = f32x4.sub(v128.load(fromX), center0);
        const difference1 = f32x4.sub(v128.load(fromX, 16), center1);
        product0 = multiplyAdd(a0, difference0, product0);
        product1 = multiplyAdd(a1, difference1, product1);
        from += step;
        fromX += step;
        const b0 = v128.load(from);
        const b1 = v128.load(from, 16);
        const nextDifference0 = f32x4.sub(v128.load(fromX), center0);
        const nextDifference1 = f32x4.sub(v128.load(fromX, 16), center1);
        other0 = multiplyAdd(b0, nextDifference0, other0);
        other1 = multiplyAdd(b1, nextDifference1, other1);
        from += step;
        fromX += step;
        sum0 = f32x4.add(sum0, f32x4.add(a0, b0));
        sum1 = f32x4.add(sum1, f32x4.add(a1, b1));
      }
      product0 = f32x4.add(product0, other0);
      product1 = f32x4.add(product1, other1);
      v128.store(to, sum0, firstPartials);
      v128.store(to, sum1, firstPartials + 16);
      v128.store(to, product0, secondPartials);
      v128.store(to, product1, secondPartials + 16);
    }
    for (; row < last; row++, x += step, dy += step) {
      for (let at = pairs; at < end; at += 16) addProduct(x + at, dy + at, centers + at, block + at);
    }
  }
  for (; row < rows; row++, x += step, dy += step) {
    for (let at: usize = 0; at < end; at += 16) addProduct(x + at, dy + at, centers + at, block + at);
  }
}

// @ts-ignore: decorator
@inline
function addProduct(x: usize, dy: usize, center: usize, to: usize): void {
  const value = v128.load(dy);
  v128.store(to, f32x4.add(v128.load(to, firstPartials), value), firstPartials);
  const difference = f32x4.sub(v128.load(x), v128.load(center));
  v128.store(to, multiplyAdd(value, difference, v128.load(to, secondPartials)), secondPartials);
}
