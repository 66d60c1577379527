// The browser's own reader of QR symbols where it has one, else a library; both give the text of every symbol seen, the
// library where it is asked to: it looks once more after each. Many tablets have none: Chrome asks Google's services for it.
export async function reader({ every = false } = {}) {
  if ('BarcodeDetector' in globalThis && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const own = new BarcodeDetector({ formats: ['qr_code'] });
    return async (canvas) => (await own.detect(canvas)).map((found) => found.rawValue);
  }
  const { decodeQR, decodeQRBatch } = await import('./vendor/qr/decode.js');
  return async (canvas) => {
    const picture = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    if (every) {
      const [found] = await decodeQRBatch([picture], { maxSize: { width: canvas.width, height: canvas.height } });
      return found.filter((text) => typeof text === 'string'); // The last tells why there is no other.
    }
    try {
      return [decodeQR(picture)];
    } catch (error) {
      return []; // Nothing readable in this picture.
    }
  };
}
