/// Lets a token through if none above it was seen. Pure.
struct TaskFence: Equatable {
    private(set) var highest: Int

    init(highest: Int) { self.highest = highest }

    /// Whether work with this token may go on; remembers a higher one.
    mutating func admits(_ token: Int) -> Bool {
        guard token >= highest else { return false }
        highest = token
        return true
    }
}
