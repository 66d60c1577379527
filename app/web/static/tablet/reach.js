// One request to the house, and its whole answer within a time. Between a tablet and the house stand
// strangers (a portal, a proxy, another house's Wi-Fi): who wrote an answer is read in the answer itself.
export const PROTO = 'score-sync/1';
const PATIENCE = 15000; // ms for one answer, its body with it

const isJson = (answer) => answer.headers.get('content-type')?.startsWith('application/json');

// Answers { status, ok, headers, retryAfter, said, isOurs, bytes }; null where no whole answer came.
export async function reach(address, { token, type, body, patience = PATIENCE }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(address, {
      method: type ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(type ? { 'content-type': type } : {}),
      },
      body,
      cache: 'no-store',
      redirect: 'error',
      credentials: 'same-origin',
      signal: stop.signal,
    });
    const { status, ok, headers } = answer;
    const retryAfter = Number(headers.get('retry-after')) * 1000 || 0;
    const said = isJson(answer) ? Object(await answer.json()) : {};
    const bytes = isJson(answer) ? null : new Uint8Array(await answer.arrayBuffer());
    const isOurs = said.proto === PROTO || typeof said.error?.name === 'string';
    return { status, ok, headers, retryAfter, said, isOurs, bytes };
  } catch {
    return null; // network, time-out, a torn answer
  } finally {
    clearTimeout(timer);
  }
}
