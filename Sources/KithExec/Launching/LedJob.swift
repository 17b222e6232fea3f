import KithKeeper

/// A job that was started and is led from its first byte on.
struct LedJob: Sendable {
    let job: HeldJob
    let leader: JobFollower
    /// What the keeper keeps of it for us: nobody has to ask for that.
    let note: JobNote
}
