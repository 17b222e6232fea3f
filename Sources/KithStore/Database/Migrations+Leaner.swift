extension Migrations {
    /// A change of an entry touches three pages where it touched seven: each page is written and summed before its
    /// commit is on the disk. `contextUsage` counts what `contextCount` did; `total` adds up the bytes of all values
    /// so far, so that what is kept is a difference; the last change is never forgotten, so numbers need no sequence.
    static let leanerContext = """
        DROP TRIGGER contextAdded;
        DROP TRIGGER contextRemoved;
        DROP TABLE contextCount;
        DROP TRIGGER contextReused;
        CREATE TRIGGER contextResized AFTER UPDATE ON context
            WHEN OLD.writer = NEW.writer AND length(OLD.value) <> length(NEW.value) BEGIN
            UPDATE contextUsage SET bytes = bytes + length(NEW.value) - length(OLD.value) WHERE writer = NEW.writer;
        END;
        CREATE TRIGGER contextTaken AFTER UPDATE ON context WHEN OLD.writer <> NEW.writer BEGIN
            UPDATE contextUsage SET entries = entries - 1,
                bytes = bytes - length(OLD.value) - length(CAST(OLD.key AS BLOB)) WHERE writer = OLD.writer;
            INSERT INTO contextUsage VALUES (NEW.writer, 1, length(NEW.value) + length(CAST(NEW.key AS BLOB)))
                ON CONFLICT (writer) DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TABLE change (
            number INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            kind TEXT NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            total INTEGER NOT NULL,
            value BLOB
        ) STRICT;
        INSERT INTO change SELECT number, key, kind, version, at, by,
            sum(coalesce(length(value), 0)) OVER (ORDER BY number), value FROM contextChange;
        DROP TABLE contextChange;
        DROP TABLE contextChangeSize;
        ALTER TABLE change RENAME TO contextChange;
        CREATE INDEX contextChangeKey ON contextChange (key, number);
        """
}
