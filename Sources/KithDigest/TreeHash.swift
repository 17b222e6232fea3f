import CLinux

/// The hash of a large content: the SHA-256 of the SHA-256s of its leaves, in order. A leaf is 16 KiB, the last one
/// what is left.
///
/// As strong as SHA-256 among contents of the same length, which whoever compares must know to be equal. Leaves do not
/// wait for each other: up to 32 are hashed at once where the processor can, and zeros not at all.
///
/// A reference type because it owns hashes under way; one task at a time.
public final class TreeHash {
    /// Bytes of a leaf.
    public static let leafSize = 16 << 10

    private let root = SHA256()
    private let leaf = SHA256()
    /// The beginning of a leaf, less than one.
    private var begun: [UInt8] = []

    /// A hash of nothing yet.
    public init() { begun.reserveCapacity(Self.leafSize) }

    /// Takes the next piece; quickest if it begins with a leaf and is large.
    public func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(complete(with: bytes)))
            let whole = rest.count / Self.leafSize * Self.leafSize
            takeLeaves(UnsafeRawBufferPointer(rebasing: rest[..<whole]))
            begun += rest[whole...]
        }
    }

    /// Takes `count` zeros, in a two-thousandth of the time that they would take as bytes.
    public func update(zeros count: Int) {
        var left = count
        Self.zeros.withUnsafeBytes { left -= complete(with: UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
        while left >= Self.leafSize {
            let leaves = min(left / Self.leafSize, Self.zeroLeaves.count / SHA256.size)
            root.update(Array(Self.zeroLeaves[..<(leaves * SHA256.size)]))
            left -= leaves * Self.leafSize
        }
        begun += Self.zeros.prefix(left)
    }

    /// The 32 bytes of the hash; afterwards the object takes no more.
    public func finish() -> [UInt8] {
        if !begun.isEmpty { root.update(SHA256.hash(begun)) }
        return root.finish()
    }

    /// Adds to the leaf that is begun; answers how many of `bytes` it took.
    private func complete(with bytes: UnsafeRawBufferPointer) -> Int {
        guard !begun.isEmpty else { return 0 }
        let missing = bytes.prefix(Self.leafSize - begun.count)
        begun += missing
        guard begun.count == Self.leafSize else { return missing.count }
        root.update(SHA256.hash(begun))
        begun.removeAll(keepingCapacity: true)
        return missing.count
    }

    private func takeLeaves(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count / Self.leafSize
        guard count > 0 else { return }
        var digests = [UInt8](repeating: 0, count: count * SHA256.size)
        let done = kith_hash_leaves(bytes.baseAddress, count, &digests)
        root.update(Array(digests[..<(done * SHA256.size)]))
        for number in done..<count {
            let place = number * Self.leafSize
            leaf.update(UnsafeRawBufferPointer(rebasing: bytes[place..<place + Self.leafSize]))
            root.update(leaf.finish())
            leaf.restart()
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: leafSize)
    /// The hashes of 512 leaves of zeros.
    private static let zeroLeaves = Array(repeatElement(SHA256.hash(zeros), count: 512).joined())
}
