/**
 * Puts a module together whose code was sorted so that it packs better (`xtask/src/sorted.rs`): all instructions first, without
 * their operands, then the operands of each instruction.
 */

const [BEFORE, LOCALS, CODES, OPERANDS] = [0, 1, 2, 3];
const AFTER = OPERANDS + 2 * 256;

/** Codes of instructions. Source: the WebAssembly specification, "Instructions" of the binary format. */
const [IF, END, BR_TABLE, CALL_INDIRECT, F32_CONST, F64_CONST, PREFIX] = [0x04, 0x0b, 0x0e, 0x11, 0x43, 0x44, 0xfc];

/** The first and last codes of instructions that have a number behind them. */
const NUMBERED = [[2, IF], [0x0c, BR_TABLE], [0x10, 0x13], [0x20, 0x26], [0x28, 0x42], [0xd0, 0xd0], [0xd2, 0xd2], [PREFIX, PREFIX]];

const isNumbered = Array.from({ length: 256 }, (_, code) => NUMBERED.some(([first, last]) => first! <= code && code <= last!));

/** How many numbers stand behind the first one, of an instruction that has one. */
function others(code: number, first: number): number {
  if (code === BR_TABLE) return first + 1;
  if (code === PREFIX) return [8, 10, 12, 14].includes(first) ? 2 : first < 8 ? 0 : 1;
  // Indirect calls have a type and a table; what reads and writes memory, an alignment and an offset.
  return code === CALL_INDIRECT || code === CALL_INDIRECT + 2 || (code >= 0x28 && code <= 0x3e) ? 1 : 0;
}

/** @throws where the bytes are no sorted module */
export function assembled(sorted: Uint8Array): Uint8Array {
  let read = 0;
  const number = (): number => {
    const byte = sorted[read++]!;
    return byte < 0x80 ? byte : (byte & 0x7f) + 0x80 * number();
  };
  const output = new Uint8Array(number());
  const sizes = Array.from({ length: AFTER + 1 }, number);
  const starts = sizes.map((size) => (read += size) - size);
  const ends = sizes.map((size, heap) => starts[heap]! + size);
  let at = 0;

  /** Moves a byte of a heap to the module. */
  const byte = (heap: number): number => {
    if (starts[heap]! >= ends[heap]!) throw new RangeError("it ends too early");
    return (output[at++] = sorted[starts[heap]!++]!);
  };
  /** Moves a number in LEB128. */
  const leb = (heap: number): number => {
    const low = byte(heap);
    return low < 0x80 ? low : (low & 0x7f) + 0x80 * leb(heap);
  };
  const rest = (heap: number): void => {
    while (starts[heap]! < ends[heap]!) byte(heap);
  };
  /** Moves an instruction, and says how many more blocks there are around what follows. */
  const instruction = (): number => {
    const code = byte(CODES!);
    const operands = OPERANDS! + 2 * code;
    if (code === F32_CONST || code === F64_CONST) {
      for (let count = code === F32_CONST ? 4 : 8; count > 0; count--) byte(operands);
    } else if (isNumbered[code]) {
      for (let count = others(code, leb(operands)); count > 0; count--) leb(operands + 1);
    }
    return code === END ? -1 : code >= 2 && code <= IF! ? 1 : 0;
  };

  rest(BEFORE!);
  while (starts[CODES!]! < ends[CODES!]!) {
    const start = at;
    for (let count = leb(LOCALS!); count > 0; count--) {
      leb(LOCALS!);
      byte(LOCALS!);
    }
    for (let depth = 1; depth > 0; ) depth += instruction();
    // The size of a function stands before it.
    const size: number[] = [];
    for (let left = at - start; ; left >>= 7) {
      size.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
      if (left <= 0x7f) break;
    }
    output.copyWithin(start + size.length, start, at);
    output.set(size, start);
    at += size.length;
  }
  rest(AFTER);
  return output;
}
