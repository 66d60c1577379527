// What this tablet finds out about itself; whether it is fit is decided by the house.
import * as store from './store.js';

const PROBE = 'fitness';

function chromeVersion() {
  const found = /(?:Chrome|Chromium|CriOS)\/(\d+)/.exec(navigator.userAgent);
  return found ? Number(found[1]) : 0;
}

async function storage() {
  if (!navigator.storage?.estimate) return { free: null, persisted: false };
  const [{ quota, usage }, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persist()]);
  return { free: Math.round(Math.max(0, (quota ?? 0) - (usage ?? 0)) / 2 ** 20), persisted };
}

// A strict write and its reading back; and whether the write of an earlier visit is still there.
async function memory() {
  const before = (await store.meta())[PROBE];
  const began = performance.now();
  const mark = `${Date.now()}`;
  await store.saveMeta({ [PROBE]: { mark, window: windowName() } });
  const took = Math.round(performance.now() - began);
  const isThere = (await store.meta())[PROBE]?.mark === mark;
  return { took: isThere ? took : null, survived: before && before.window !== windowName() ? true : null };
}

// A name for this life of the window: one that comes back after closing is another.
function windowName() {
  const found = sessionStorage.getItem(PROBE) ?? `${Math.random()}`;
  sessionStorage.setItem(PROBE, found);
  return found;
}

async function camera() {
  if (!navigator.mediaDevices?.enumerateDevices) return null;
  return (await navigator.mediaDevices.enumerateDevices()).some((one) => one.kind === 'videoinput');
}

async function network() {
  const began = performance.now();
  try {
    const answer = await fetch('/healthz', { cache: 'no-store' });
    const took = Math.round(performance.now() - began);
    const said = Date.parse(answer.headers.get('date') ?? '');
    return { took: answer.ok ? took : null, clock: Number.isNaN(said) ? null : Math.round((Date.now() - took / 2 - said) / 1000) };
  } catch {
    return { took: null, clock: null };
  }
}

export async function measure(hasWorker) {
  const none = { took: null, survived: null };
  const [space, kept, lens, reach, cell] = await Promise.all([
    storage(), memory().catch(() => none), camera().catch(() => null), network(), navigator.getBattery?.().catch(() => null),
  ]);
  return {
    chrome: chromeVersion(),
    is_secure: isSecureContext,
    has_worker: hasWorker,
    is_persisted: Boolean(space.persisted),
    free_mb: space.free,
    write_ms: kept.took,
    has_survived: kept.survived,
    clock_error_s: reach.clock,
    battery: cell ? Math.round(cell.level * 100) : null,
    is_charging: Boolean(cell?.charging),
    has_camera: lens,
    has_touch: navigator.maxTouchPoints > 0,
    answer_ms: reach.took,
    width: Math.min(screen.width, screen.height) || innerWidth,
  };
}
