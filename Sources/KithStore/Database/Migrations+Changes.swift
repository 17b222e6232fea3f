extension Migrations {
    /// `contextChange` keeps the last changes for watchers and for the history; `contextUsage` says what each
    /// writer (an id, or nothing for the owner) takes up. The sizes of both are bounded by the code.
    static let contextChanges = """
        ALTER TABLE context ADD COLUMN writer TEXT NOT NULL DEFAULT '';
        CREATE TABLE contextUsage (writer TEXT PRIMARY KEY NOT NULL, entries INTEGER NOT NULL, bytes INTEGER NOT NULL)
            STRICT;
        INSERT INTO contextUsage SELECT '', count(*), coalesce(sum(length(value) + length(CAST(key AS BLOB))), 0)
            FROM context;
        CREATE TRIGGER contextUsed AFTER INSERT ON context BEGIN
            INSERT INTO contextUsage VALUES (NEW.writer, 1, length(NEW.value) + length(CAST(NEW.key AS BLOB)))
                ON CONFLICT (writer) DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER contextFreed AFTER DELETE ON context BEGIN
            UPDATE contextUsage SET entries = entries - 1,
                bytes = bytes - length(OLD.value) - length(CAST(OLD.key AS BLOB)) WHERE writer = OLD.writer;
        END;
        CREATE TRIGGER contextReused AFTER UPDATE ON context BEGIN
            UPDATE contextUsage SET entries = entries - 1,
                bytes = bytes - length(OLD.value) - length(CAST(OLD.key AS BLOB)) WHERE writer = OLD.writer;
            INSERT INTO contextUsage VALUES (NEW.writer, 1, length(NEW.value) + length(CAST(NEW.key AS BLOB)))
                ON CONFLICT (writer) DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TABLE contextChange (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            kind TEXT NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            value BLOB
        ) STRICT;
        CREATE INDEX contextChangeKey ON contextChange (key, number);
        CREATE TABLE contextChangeSize (bytes INTEGER NOT NULL) STRICT;
        INSERT INTO contextChangeSize VALUES (0);
        CREATE TRIGGER contextChangeAdded AFTER INSERT ON contextChange
            BEGIN UPDATE contextChangeSize SET bytes = bytes + coalesce(length(NEW.value), 0); END;
        CREATE TRIGGER contextChangeRemoved AFTER DELETE ON contextChange
            BEGIN UPDATE contextChangeSize SET bytes = bytes - coalesce(length(OLD.value), 0); END;
        """

    /// A delivery is in one box: 0 none, 1 the inbox, 2 the outbox, 3 held back; `fresh` is 1 until it was read.
    /// `origin` and `node` are ids of nodes, or nothing for this one. `waiting` counts what is in a box.
    static let messages = """
        CREATE TABLE node (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
        INSERT INTO node VALUES ('stream', lower(hex(randomblob(16))));
        CREATE TABLE agent (
            name TEXT PRIMARY KEY NOT NULL,
            labels TEXT NOT NULL DEFAULT '',
            tags TEXT NOT NULL DEFAULT '',
            capabilities TEXT NOT NULL DEFAULT '',
            status TEXT,
            epoch INTEGER NOT NULL DEFAULT 1,
            session TEXT,
            isDefault INTEGER NOT NULL DEFAULT 0,
            seen INTEGER
        ) STRICT;
        INSERT INTO agent (name, isDefault) VALUES ('main', 1);
        CREATE TABLE message (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            origin TEXT NOT NULL,
            sender TEXT NOT NULL,
            recipients TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT,
            body BLOB,
            blob TEXT,
            thread TEXT NOT NULL,
            replyTo TEXT,
            channel TEXT,
            ack TEXT NOT NULL,
            task TEXT,
            sent INTEGER NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            idempotency TEXT,
            fingerprint TEXT
        ) STRICT;
        CREATE INDEX messageThread ON message (thread, number);
        CREATE INDEX messageExpires ON message (expires);
        CREATE INDEX messageBlob ON message (blob) WHERE blob IS NOT NULL;
        CREATE UNIQUE INDEX messageIdempotency ON message (sender, idempotency)
            WHERE origin = '' AND idempotency IS NOT NULL;
        CREATE TABLE delivery (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL REFERENCES message (number),
            agent TEXT NOT NULL,
            node TEXT NOT NULL,
            origin TEXT NOT NULL,
            sequence INTEGER,
            state TEXT NOT NULL,
            changed INTEGER NOT NULL,
            reason TEXT,
            box INTEGER NOT NULL,
            fresh INTEGER NOT NULL DEFAULT 0,
            shown INTEGER NOT NULL DEFAULT 0,
            due INTEGER NOT NULL DEFAULT 0,
            nacks INTEGER NOT NULL DEFAULT 0,
            owes INTEGER NOT NULL DEFAULT 0,
            UNIQUE (message, node, agent)
        ) STRICT;
        CREATE INDEX deliveryInbox ON delivery (agent, number) WHERE box = 1;
        CREATE INDEX deliveryFresh ON delivery (agent, number) WHERE fresh = 1;
        CREATE INDEX deliveryOutbox ON delivery (node, sequence) WHERE box = 2;
        CREATE INDEX deliveryHeld ON delivery (number) WHERE box = 3;
        CREATE INDEX deliveryOwes ON delivery (origin, number) WHERE owes = 1;
        CREATE TABLE waiting (
            node TEXT NOT NULL, agent TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (node, agent)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER deliveryBoxed AFTER INSERT ON delivery WHEN NEW.box <> 0 BEGIN
            INSERT INTO waiting VALUES (NEW.node, NEW.agent, 1)
                ON CONFLICT (node, agent) DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER deliveryLeft AFTER UPDATE OF box ON delivery WHEN OLD.box <> 0 AND NEW.box = 0
            BEGIN UPDATE waiting SET count = count - 1 WHERE node = NEW.node AND agent = NEW.agent; END;
        CREATE TRIGGER deliveryGone AFTER DELETE ON delivery WHEN OLD.box <> 0
            BEGIN UPDATE waiting SET count = count - 1 WHERE node = OLD.node AND agent = OLD.agent; END;
        CREATE TABLE outStream (node TEXT PRIMARY KEY NOT NULL, last INTEGER NOT NULL) STRICT;
        CREATE TABLE inStream (
            origin TEXT NOT NULL, stream TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (origin, stream)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE blob (hash TEXT PRIMARY KEY NOT NULL, bytes BLOB NOT NULL, created INTEGER NOT NULL) STRICT;
        CREATE TABLE upload (
            origin TEXT NOT NULL, hash TEXT NOT NULL, bytes BLOB NOT NULL, created INTEGER NOT NULL,
            PRIMARY KEY (origin, hash)
        ) STRICT;
        CREATE TABLE policy (
            peer TEXT NOT NULL, agent TEXT NOT NULL, verdict TEXT NOT NULL, perMinute INTEGER,
            PRIMARY KEY (peer, agent)
        ) STRICT, WITHOUT ROWID;
        """

    /// `unmet` counts what a task still needs; `lapsed` is 1 while the last holder may still come back. `fence`
    /// is the highest token seen of tasks that live elsewhere, `holding` what agents of this node have claimed.
    static let tasks = """
        CREATE TABLE task (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            body BLOB,
            target TEXT NOT NULL,
            priority INTEGER NOT NULL,
            dedupeKey TEXT,
            state TEXT NOT NULL,
            progress TEXT,
            result BLOB,
            reason TEXT,
            unmet INTEGER NOT NULL DEFAULT 0,
            claims INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            maximumAttempts INTEGER NOT NULL,
            leaseSeconds INTEGER NOT NULL,
            occurrences INTEGER NOT NULL DEFAULT 1,
            lastSeen INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            progressed INTEGER NOT NULL,
            notBefore INTEGER NOT NULL DEFAULT 0,
            poster TEXT NOT NULL,
            posterNode TEXT NOT NULL,
            holder TEXT,
            holderNode TEXT,
            epoch INTEGER,
            token INTEGER NOT NULL DEFAULT 0,
            lapsed INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX taskActiveKey ON task (dedupeKey)
            WHERE dedupeKey IS NOT NULL AND state NOT IN ('done', 'failed', 'cancelled');
        CREATE INDEX taskOpen ON task (priority DESC, number) WHERE state = 'open' AND unmet = 0;
        CREATE INDEX taskHeld ON task (holderNode, holder) WHERE holder IS NOT NULL;
        CREATE INDEX taskFinished ON task (updated) WHERE state IN ('done', 'failed', 'cancelled');
        CREATE TABLE taskNeed (
            task TEXT NOT NULL, need TEXT NOT NULL, met INTEGER NOT NULL, PRIMARY KEY (task, need)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX taskNeedUnmet ON taskNeed (need) WHERE met = 0;
        CREATE TABLE taskEvent (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            task TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, agent TEXT, detail TEXT
        ) STRICT;
        CREATE TABLE fence (task TEXT PRIMARY KEY NOT NULL, token INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
        CREATE TABLE taskCopy (id TEXT PRIMARY KEY NOT NULL, record BLOB NOT NULL, seen INTEGER NOT NULL) STRICT;
        CREATE TABLE holding (
            task TEXT PRIMARY KEY NOT NULL, agent TEXT NOT NULL, epoch INTEGER NOT NULL, token INTEGER NOT NULL,
            leaseSeconds INTEGER NOT NULL
        ) STRICT;
        """

    /// A text that is coming in lies in pieces, so that each is written once. What was half there comes again.
    static let textPieces = """
        DROP TABLE upload;
        CREATE TABLE upload (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            origin TEXT NOT NULL, hash TEXT NOT NULL, received INTEGER NOT NULL, created INTEGER NOT NULL,
            UNIQUE (origin, hash)
        ) STRICT;
        CREATE TABLE uploadPiece (
            upload INTEGER NOT NULL REFERENCES upload (number) ON DELETE CASCADE,
            start INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (upload, start)
        ) STRICT;
        """
}
