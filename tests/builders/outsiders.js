// Verifiers of others against our public addresses, run in a page of our origin: a credential with its status by
// @digitalbazaar/vc, the inclusion of its leaf by @transmute/rfc9162. The keys and lists come from the server asked.
async ([origin, host, certificate, every]) => {
  const { verifyCredential, DataIntegrityProof, cryptosuite, checkStatus, RFC9162 } = await import('/outsiders.js');
  const read = async (path) => (await fetch(origin + path)).json();
  const did = await read('/.well-known/did.json');
  const contexts = await read('/contexts.json');
  const documentLoader = async (url) => {
    const method = did.verificationMethod.find((one) => one.id === url);
    const document = contexts[url] || (url === did.id ? did : null)
      || (method && {'@context': 'https://w3id.org/security/multikey/v1', ...method})
      || (url.startsWith(`https://${host}/status/`) ? await read(new URL(url).pathname) : null);
    if (!document) throw new Error(`nobody serves ${url}`);
    return {contextUrl: null, documentUrl: url, document};
  };
  const verified = async (credential) => {
    const suite = new DataIntegrityProof({cryptosuite});
    const status = (options) => checkStatus({...options, verifyBitstringStatusListCredential: true});
    const result = await verifyCredential({credential, suite, documentLoader, checkStatus: status});
    return [result.verified, result.statusResult?.results?.[0].status ?? null];
  };
  const answer = await fetch(`${origin}/v/${certificate.id}.credential.json`, {method: 'POST',
    headers: {'content-type': 'application/json'}, body: JSON.stringify({name: certificate.name})});
  const credential = await answer.json();
  // Every text, number and truth of the credential changed, one at a time, each in a copy of its own.
  const paths = (value, path) => (value && typeof value === 'object'
    ? Object.keys(value).flatMap((key) => paths(value[key], [...path, key])) : [path]);
  const changed = (path) => {
    const copy = JSON.parse(JSON.stringify(credential));
    const last = path.slice(0, -1).reduce((place, key) => place[key], copy);
    const old = last[path[path.length - 1]];
    last[path[path.length - 1]] = typeof old === 'boolean' ? !old : `${old}x`;
    return copy;
  };
  const wrong = every ? paths(credential, []) : [];
  const accepted = [];
  for (const path of wrong) {
    const [isGood] = await verified(changed(path)).catch(() => [false]);
    if (isGood) accepted.push(path.join('.'));
  }
  const base64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const proof = await (await fetch(`${origin}/v/${certificate.id}.tlog-proof`)).text();
  const [head, note] = proof.split(/\n\n(.*)/s);
  const lines = head.split('\n');
  const [, size, root] = note.split('\n');
  const path = {log_id: '', tree_size: Number(size), leaf_index: Number(lines[2].slice(6)),
    inclusion_path: lines.slice(3).map(base64)};
  const served = await fetch(`${origin}/v/${certificate.id}.leaf`);
  const leaf = new Uint8Array(await served.arrayBuffer());
  const hashed = await RFC9162.leaf(leaf);
  const included = await RFC9162.verifyInclusionProof(base64(root), hashed, path);
  return {good: await verified(credential), tried: wrong.length, accepted, included};
}
