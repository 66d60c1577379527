"""What every answer about a certificate carries, so that nothing leaks (certificates.md 2)."""

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}
PRIVATE = {**SECURITY, "Cache-Control": "no-store"}
FOREVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Access-Control-Allow-Origin": "*",
}
FRESH = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
APP = {**PRIVATE, "X-App": "xiangjiang"}
"""Of the page that is kept for use without a network: no portal's page has this sign."""
