"""Documents: spreadsheets, PDFs and QR symbols, free of any room's meaning."""
