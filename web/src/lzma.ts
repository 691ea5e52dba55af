/**
 * Reads `.lzma`: the rules take a fifth less so than with what browsers have (`DecompressionStream`), whose window of 32 KiB is
 * too small for them. What it reads comes from this very page.
 */

const TOP = 2 ** 24;

/** Probabilities of bits, each half in the beginning. */
function model(size: number): Uint16Array {
  return new Uint16Array(size).fill(1024);
}

/** Reads bits whose probability is learned. */
class Bits {
  #bytes: Uint8Array;
  #at: number;
  #range = 0xffffffff;
  #code = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at + 1;
    for (let count = 0; count < 4; count++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("it ends too early");
    return byte;
  }

  #fill(): void {
    if (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#code = ((this.#code << 8) | this.#next()) >>> 0;
    }
  }

  bit(model: Uint16Array, at: number): 0 | 1 {
    const probability = model[at]!;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      model[at] = probability + ((2048 - probability) >>> 5);
      this.#fill();
      return 0;
    }
    this.#range = (this.#range - bound) >>> 0;
    this.#code = (this.#code - bound) >>> 0;
    model[at] = probability - (probability >>> 5);
    this.#fill();
    return 1;
  }

  /** A number of so many bits, the highest first; its models stand at `at`. */
  tree(model: Uint16Array, bits: number, at = 0): number {
    let node = 1;
    for (let count = 0; count < bits; count++) node = (node << 1) | this.bit(model, at + node);
    return node - (1 << bits);
  }

  /** The same with the lowest bit first. */
  reverse(model: Uint16Array, bits: number, at = 0): number {
    let node = 1;
    let number = 0;
    for (let count = 0; count < bits; count++) {
      const bit = this.bit(model, at + node);
      node = (node << 1) | bit;
      number |= bit << count;
    }
    return number;
  }

  /** So many bits that are as likely as not. */
  direct(bits: number): number {
    let number = 0;
    for (let count = 0; count < bits; count++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit) this.#code = (this.#code - this.#range) >>> 0;
      number = (number << 1) | bit;
      this.#fill();
    }
    return number >>> 0;
  }
}

/** Lengths of what is repeated. */
class Lengths {
  #choice = model(2);
  #low = model(16 << 3);
  #middle = model(16 << 3);
  #high = model(256);

  read(bits: Bits, state: number): number {
    if (!bits.bit(this.#choice, 0)) return 2 + bits.tree(this.#low, 3, state << 3);
    if (!bits.bit(this.#choice, 1)) return 10 + bits.tree(this.#middle, 3, state << 3);
    return 18 + bits.tree(this.#high, 8);
  }
}

/** @throws where the bytes are no whole `.lzma` */
export function unpack(bytes: Uint8Array): Uint8Array {
  const properties = bytes[0]!;
  const literalContext = properties % 9;
  const literalMask = (1 << (Math.floor(properties / 9) % 5)) - 1;
  const positionMask = (1 << Math.floor(properties / 45)) - 1;
  const output = new Uint8Array(new DataView(bytes.buffer, bytes.byteOffset).getUint32(5, true));
  const bits = new Bits(bytes, 13);
  const literals = model(0x300 << (literalContext + Math.floor(properties / 9) % 5));
  const isMatch = model(12 << 4);
  const isRepeated = model(12);
  const isRepeated0 = model(12);
  const isRepeated1 = model(12);
  const isRepeated2 = model(12);
  const isShort = model(12 << 4);
  const slots = model(4 << 6);
  const positions = model(128);
  const aligned = model(16);
  const lengths = new Lengths();
  const repeatedLengths = new Lengths();
  let [rep0, rep1, rep2, rep3] = [0, 0, 0, 0];
  let state = 0;
  let at = 0;
  while (at < output.length) {
    const position = at & positionMask;
    if (!bits.bit(isMatch, (state << 4) + position)) {
      const before = at > 0 ? output[at - 1]! : 0;
      const context = ((at & literalMask) << literalContext) + (before >>> (8 - literalContext));
      const base = 0x300 * context;
      let symbol = 1;
      if (state >= 7) {
        let matched = output[at - rep0 - 1]!;
        do {
          const bit = (matched >>> 7) & 1;
          matched <<= 1;
          const read = bits.bit(literals, base + ((1 + bit) << 8) + symbol);
          symbol = (symbol << 1) | read;
          if (bit !== read) break;
        } while (symbol < 0x100);
      }
      while (symbol < 0x100) symbol = (symbol << 1) | bits.bit(literals, base + symbol);
      output[at++] = symbol & 0xff;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let length: number;
    if (bits.bit(isRepeated, state)) {
      if (!bits.bit(isRepeated0, state)) {
        if (!bits.bit(isShort, (state << 4) + position)) {
          state = state < 7 ? 9 : 11;
          output[at] = output[at - rep0 - 1]!;
          at += 1;
          continue;
        }
      } else if (!bits.bit(isRepeated1, state)) {
        [rep0, rep1] = [rep1, rep0];
      } else if (!bits.bit(isRepeated2, state)) {
        [rep0, rep1, rep2] = [rep2, rep0, rep1];
      } else {
        [rep0, rep1, rep2, rep3] = [rep3, rep0, rep1, rep2];
      }
      length = repeatedLengths.read(bits, position);
      state = state < 7 ? 8 : 11;
    } else {
      [rep1, rep2, rep3] = [rep0, rep1, rep2];
      length = lengths.read(bits, position);
      state = state < 7 ? 7 : 10;
      const slot = bits.tree(slots, 6, Math.min(length - 2, 3) << 6);
      rep0 = slot;
      if (slot >= 4) {
        const count = (slot >>> 1) - 1;
        rep0 = ((2 | (slot & 1)) << count) >>> 0;
        rep0 += slot < 14
          ? bits.reverse(positions, count, rep0 - slot)
          : bits.direct(count - 4) * 16 + bits.reverse(aligned, 4);
      }
    }
    if (rep0 >= at) throw new RangeError("it refers to what is not there");
    for (const end = Math.min(at + length, output.length); at < end; at++) output[at] = output[at - rep0 - 1]!;
  }
  return output;
}
