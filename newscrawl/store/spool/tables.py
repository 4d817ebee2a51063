"""The tables of the spool that outlive a start of the run; what merging makes is made anew each time."""

from __future__ import annotations

import sqlite3

_SCHEMA = """
CREATE TABLE run (identity TEXT NOT NULL);
CREATE TABLE pages (page TEXT PRIMARY KEY, sha256 TEXT, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, body TEXT NOT NULL, blocks BLOB NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, page TEXT NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL,
    headline TEXT, url_key TEXT, headline_key TEXT, lead_key TEXT, earliest REAL, latest REAL,
    is_truncated INTEGER NOT NULL, printed_sha256 TEXT, printed_lead_key TEXT, body_sha256 TEXT,
    item BLOB NOT NULL
);
CREATE TABLE rates (page TEXT NOT NULL, key TEXT NOT NULL, item BLOB NOT NULL);
CREATE TABLE people (page TEXT NOT NULL, id TEXT NOT NULL, site TEXT NOT NULL, item BLOB NOT NULL);
CREATE TABLE gone (url TEXT NOT NULL, seen_at TEXT NOT NULL);
CREATE TABLE furniture (
    page TEXT NOT NULL, site TEXT NOT NULL, text TEXT NOT NULL, reason TEXT NOT NULL,
    article INTEGER
);
CREATE TABLE rejects (page TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, excerpt TEXT NOT NULL);
"""
TABLES_OF_A_PAGE = ("pages", "articles", "rates", "people", "furniture", "rejects")
"""What a page's own rows stand in, each with a column `page`."""
INSERT_BODY = "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)"
"""A text under its digest, with the keys of its blocks."""


def make(db: sqlite3.Connection) -> None:
    """Make the tables of a new spool."""
    for statement in _SCHEMA.split(";\n"):
        db.execute(statement)


def carry_on(db: sqlite3.Connection) -> None:
    """Bring the tables of an older newscrawl's spool up to date."""
    columns = {row[1] for row in db.execute("PRAGMA table_info(furniture)")}
    if "article" not in columns:  # newscrawl 0.1.0: nobody knows which of its articles held a block
        db.execute("ALTER TABLE furniture ADD COLUMN article INTEGER")
