/// How a file of the store was found when it was opened.
public enum OpenReport: Sendable, Equatable {
    /// It was sound, or new.
    case sound
    /// What was damaged of it lies at this path now. The owner must be told.
    case setAside(String)
}
