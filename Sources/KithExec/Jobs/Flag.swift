import Synchronization

/// Something that becomes true once.
final class Flag: Sendable {
    private let value = Atomic(false)

    /// Whether it has become true.
    var isSet: Bool { value.load(ordering: .acquiring) }

    /// Makes it true.
    func set() { value.store(true, ordering: .releasing) }
}
