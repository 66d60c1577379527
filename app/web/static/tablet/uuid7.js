// UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. getRandomValues also exists on plain http.
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const DASHED = new Set([4, 6, 8, 10]);

export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = now;
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  let text = '';
  for (let at = 0; at < 16; at += 1) text += (DASHED.has(at) ? '-' : '') + HEX[bytes[at]];
  return text;
}

// When one was made, by the clock of whoever made it.
export const timeOf = (id) => parseInt(id.replace('-', '').slice(0, 12), 16);
