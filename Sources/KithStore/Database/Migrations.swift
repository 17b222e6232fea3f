import GRDB

/// Every shape that the database has had, in order. Released steps are never changed, only followed.
enum Migrations {
    /// Brings a database of any earlier shape to the one of this binary.
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 context") { try $0.execute(sql: context) }
        migrator.registerMigration("002 context changes") { try $0.execute(sql: contextChanges) }
        migrator.registerMigration("003 agents and messages") { try $0.execute(sql: messages) }
        migrator.registerMigration("004 tasks") { try $0.execute(sql: tasks) }
        migrator.registerMigration("005 leaner context") { try $0.execute(sql: leanerContext) }
        migrator.registerMigration("006 leaner tasks") { try $0.execute(sql: leanerTasks) }
        migrator.registerMigration("007 room of messages") { try $0.execute(sql: messageRoom) }
        migrator.registerMigration("008 pieces of texts") { try $0.execute(sql: textPieces) }
        migrator.registerMigration("009 changes without their keys") {
            // Who asks for the history of a key looks through the last 10,000 changes; an index of their keys costs
            // every change a page of the log.
            try $0.execute(sql: "DROP INDEX contextChangeKey")
        }
        return migrator
    }

    /// Values are blobs because GRDB cuts text at its first NUL. Times are milliseconds since 1970.
    /// `contextPast` remembers how far the version of a forgotten key had come.
    private static let context = """
        CREATE TABLE context (
            key TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            expires INTEGER,
            value BLOB NOT NULL
        ) STRICT;
        CREATE INDEX contextExpires ON context (expires) WHERE expires IS NOT NULL;
        CREATE TABLE contextPast (key TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL) STRICT;
        CREATE TABLE contextCount (entries INTEGER NOT NULL) STRICT;
        INSERT INTO contextCount VALUES (0);
        CREATE TRIGGER contextAdded AFTER INSERT ON context
            BEGIN UPDATE contextCount SET entries = entries + 1; END;
        CREATE TRIGGER contextRemoved AFTER DELETE ON context
            BEGIN UPDATE contextCount SET entries = entries - 1; END;
        """
}
