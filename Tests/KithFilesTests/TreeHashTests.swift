import KithDigest
import Testing

@testable import KithFiles

/// The hash of large files: the same by every way of taking the bytes.
@Suite struct TreeHashTests {
    private static let leaf = TreeHash.leafSize

    @Test(arguments: [
        0, 1, leaf - 1, leaf, leaf + 1, 15 * leaf, 16 * leaf, 16 * leaf + 5, 31 * leaf, 48 * leaf + 7, 1 << 20,
    ])
    func `it is the hash of the hashes of the leaves`(_ size: Int) {
        let bytes = noise(size, seed: UInt64(size))
        let tree = TreeHash()
        tree.update(bytes)
        #expect(tree.finish().hexadecimal == bytes.treeHash)
    }

    @Test func `pieces of any size make the same hash`() {
        let bytes = noise(1_234_567, seed: 1)
        var generator = Seeded(seed: 2)
        for largest in [100, 20_000, 300_000, 2_000_000] {
            let tree = TreeHash()
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...largest, using: &generator))
                tree.update(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(tree.finish().hexadecimal == bytes.treeHash)
        }
    }

    @Test func `zeros that nobody has hash as those that are there`() {
        for (before, zeros, after) in [
            (0, 5, 0), (3, 40_000, 9), (16_384, 16_384, 1), (7, 20 << 20, 16_377), (9, 2, 0),
        ] {
            let (head, tail) = (noise(before, seed: 1), noise(after, seed: 2))
            let tree = TreeHash()
            tree.update(head)
            tree.update(zeros: zeros)
            tree.update(tail)
            let bytes = head + [UInt8](repeating: 0, count: zeros) + tail
            #expect(tree.finish().hexadecimal == bytes.treeHash)
        }
    }

    @Test func `one bit more or less is another hash`() {
        var bytes = noise(600_000, seed: 3)
        let before = bytes.treeHash
        for place in [0, 16_383, 16_384, 262_144, 599_999] {
            bytes[place] ^= 1
            let tree = TreeHash()
            tree.update(bytes)
            #expect(tree.finish().hexadecimal != before)
            bytes[place] ^= 1
        }
    }
}
