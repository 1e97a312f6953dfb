/**
 * Sixteen hexadecimal digits that sort as text in the order of the numbers: the IEEE 754 bits, with the sign turned
 * so that negative numbers come first. Zero and minus zero are one.
 */
export function numberKey(number: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number === 0 ? 0 : number);
  const bits = view.getBigUint64(0);
  const sortable = bits >> 63n === 1n ? bits ^ 0xffff_ffff_ffff_ffffn : bits | 0x8000_0000_0000_0000n;
  return sortable.toString(16).padStart(16, '0');
}
