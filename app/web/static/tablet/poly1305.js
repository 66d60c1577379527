// Poly1305 (RFC 8439 section 2.5) over whole bytes: the tag that shows whether something was changed.
const PRIME = (1n << 130n) - 5n;
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
const SMALL = (1n << 128n) - 1n;

function whole(bytes) {
  const block = new Uint8Array(16);
  block.set(bytes);
  const view = new DataView(block.buffer);
  return view.getBigUint64(0, true) | (view.getBigUint64(8, true) << 64n);
}

export function tagOf(message, oneTimeKey) {
  const factor = whole(oneTimeKey.subarray(0, 16)) & CLAMP;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + whole(block) + (1n << BigInt(8 * block.length))) * factor) % PRIME;
  }
  const tag = new DataView(new ArrayBuffer(16));
  const end = (sum + whole(oneTimeKey.subarray(16, 32))) & SMALL;
  tag.setBigUint64(0, end & 0xffffffffffffffffn, true);
  tag.setBigUint64(8, end >> 64n, true);
  return new Uint8Array(tag.buffer);
}
