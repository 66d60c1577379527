// The view of a cell: what the server said, then our own entries that it has not told of, in their order.
// The same rule as app/rules/mark_ledger.py: a mark drops its parents; what is left are the heads.

export function headsOf(serverHeads, entries) {
  let heads = serverHeads.map((head) => ({ id: head.id, v: head.v, m: head.m, by: head.by, dev: head.dev, state: 'received' }));
  for (const entry of entries) {
    heads = heads.filter((head) => !entry.parents.includes(head.id));
    if (heads.some((head) => head.id === entry.id)) continue;
    heads.push({ id: entry.id, v: entry.value, m: entry.mark, state: stateOf(entry) });
  }
  return heads;
}

function stateOf(entry) {
  if (entry.saved === false) return 'writing';
  return entry.since === undefined ? 'saved' : 'received';
}

export function same(one, other) {
  return one.m === other.m && (one.v ?? null) === (other.v ?? null);
}

export function isConflict(heads) {
  return heads.some((head) => !same(head, heads[0]));
}

// The mark that holds; null for none, for a conflict, and for one taken back.
export function present(heads) {
  if (!heads.length || isConflict(heads) || heads[0].m === 'cleared') return null;
  return heads[0];
}

// Decimal text as a whole number of 1/10,000, or null; takes a comma or a Chinese full stop for the point.
export function e4(text) {
  const clean = text.trim().replace(/[,。．，]/, '.').replace(/^(-?)\./, '$10.').replace(/\.$/, '');
  const parts = /^(-?)(\d{1,8})(?:\.(\d{1,4}))?$/.exec(clean);
  if (!parts) return null;
  const value = Number(parts[2]) * 10000 + Number((parts[3] ?? '').padEnd(4, '0'));
  return parts[1] ? -value : value;
}

export function text(valueE4) {
  const sign = valueE4 < 0 ? '-' : '';
  const rest = Math.abs(valueE4);
  const part = String(rest % 10000).padStart(4, '0').replace(/0+$/, '');
  return `${sign}${Math.floor(rest / 10000)}${part ? `.${part}` : ''}`;
}

// Why a number does not fit its aspect; empty where it does.
export function faultOf(valueE4, { low, high, grain }) {
  if (valueE4 === null) return 'number';
  if (valueE4 % grain) return 'fine';
  if (low !== null && valueE4 < low) return 'low';
  if (high !== null && valueE4 > high) return 'high';
  return '';
}
