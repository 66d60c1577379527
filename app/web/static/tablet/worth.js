// What marks are worth in points, to show a sum while marking. The results are computed by the house.
import { e4, present } from './cells.js';

const E4 = 10000;

// Points of one aspect in 1/10,000; null where it has none yet.
export function worth(rule, head) {
  if (!head) return null;
  if (head.m === 'not_attempted') return 0;
  if (head.m !== 'marked') return null;
  const value = e4(head.v);
  const most = e4(rule.max);
  if (rule.of === 'gate') return 0;
  if (rule.of === 'judgement') return (most * value) / (3 * E4);
  if (rule.kind === 'yes_no') return value ? most : 0;
  if (rule.kind === 'deduct') return Math.max(0, most - (e4(rule.per_error) * value) / E4);
  if (rule.kind === 'bands') {
    const far = Math.abs(value - e4(rule.nominal));
    const band = rule.bands.find((one) => far <= e4(one.within));
    return band ? e4(band.mark) : 0;
  }
  return value;
}

// The sum so far and the most that can be had.
export function sumOf(cards, view, zeroed) {
  let sum = 0;
  let most = 0;
  for (const [aspect, card] of cards) {
    const rule = JSON.parse(card.dataset.worth);
    if (rule.of !== 'gate') most += e4(rule.max);
    if (!zeroed.has(aspect)) sum += worth(rule, present(view.get(aspect).heads)) ?? 0;
  }
  const round = (value) => String(Math.round(value / 100) / 100);
  return { sum: round(sum), of: round(most) };
}
