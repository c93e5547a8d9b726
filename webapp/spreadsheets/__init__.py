"""Tables that people keep in spreadsheets: written as CSV, and read from it."""

from webapp.spreadsheets.reading import LARGEST, Layout, Row, UnreadableTable, decode, read_rows
from webapp.spreadsheets.writing import send_table

__all__ = ["LARGEST", "Layout", "Row", "UnreadableTable", "decode", "read_rows", "send_table"]
