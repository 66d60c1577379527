"""The shared floor of 乡匠 Xiangjiang, and its composition root."""
