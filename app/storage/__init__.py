"""The database: engines, transactions, columns, keys."""
