/// How the database was found when it was opened.
public enum OpenReport: Sendable, Equatable {
    /// It was sound, or new.
    case sound
    /// It was damaged: it now lies at this path, and the store began anew. The owner must be told.
    case setAside(String)
}
