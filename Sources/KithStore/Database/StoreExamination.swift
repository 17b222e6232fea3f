import KithAPI

/// What a look at a database file found that nobody has to have open. It changes nothing.
public enum StoreExamination: Sendable, Equatable {
    /// There is none yet.
    case missing
    /// Every page of it is as it should be.
    case sound
    /// It will be set aside at the next start.
    case damaged

    /// Looks at `kith.sqlite` in `folder`, which exists; reads the whole file. Blocks.
    ///
    /// - Throws: `unavailable` for a database of a newer Kith; errors of the disk.
    public init(of folder: String) throws {
        let file = DatabaseFile(folder: try PrivateFolder(folder))
        guard try file.isThere() else {
            self = .missing
            return
        }
        self = try file.isDamaged() ? .damaged : .sound
    }
}
