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

    /// The same for a claim and its end: four pages each.
    static let leanerTasks = """
        DROP INDEX taskHeld;
        CREATE TABLE event (
            number INTEGER PRIMARY KEY,
            task TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, agent TEXT, detail TEXT
        ) STRICT;
        INSERT INTO event SELECT number, task, at, kind, agent, detail FROM taskEvent;
        DROP TABLE taskEvent;
        ALTER TABLE event RENAME TO taskEvent;
        CREATE TABLE held (
            task TEXT PRIMARY KEY NOT NULL, agent TEXT NOT NULL, epoch INTEGER NOT NULL, token INTEGER NOT NULL,
            leaseSeconds INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO held SELECT task, agent, epoch, token, leaseSeconds FROM holding;
        DROP TABLE holding;
        ALTER TABLE held RENAME TO holding;
        """

    /// `messageRoom` has one row: the bytes of all texts, and 512 for each message besides.
    static let messageRoom = """
        CREATE TABLE messageRoom (bytes INTEGER NOT NULL) STRICT;
        INSERT INTO messageRoom SELECT (SELECT coalesce(sum(coalesce(length(body), 0) + 512), 0) FROM message)
            + (SELECT coalesce(sum(length(bytes)), 0) FROM blob);
        CREATE TRIGGER messageAdded AFTER INSERT ON message
            BEGIN UPDATE messageRoom SET bytes = bytes + coalesce(length(NEW.body), 0) + 512; END;
        CREATE TRIGGER messageRemoved AFTER DELETE ON message
            BEGIN UPDATE messageRoom SET bytes = bytes - coalesce(length(OLD.body), 0) - 512; END;
        CREATE TRIGGER blobAdded AFTER INSERT ON blob BEGIN UPDATE messageRoom SET bytes = bytes + length(NEW.bytes); END;
        CREATE TRIGGER blobRemoved AFTER DELETE ON blob BEGIN UPDATE messageRoom SET bytes = bytes - length(OLD.bytes); END;
        """
}
