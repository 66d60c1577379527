// The browser's own reader of QR symbols where it has one, else a library; both give the text of every symbol seen.
// Many tablets have none: Chrome asks Google's services for it.
export async function reader() {
  if ('BarcodeDetector' in globalThis && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const own = new BarcodeDetector({ formats: ['qr_code'] });
    return async (canvas) => (await own.detect(canvas)).map((found) => found.rawValue);
  }
  const { decodeQR } = await import('./vendor/qr/decode.js');
  return async (canvas) => {
    const picture = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    try {
      return [decodeQR(picture)];
    } catch (error) {
      return []; // Nothing readable in this picture.
    }
  };
}
