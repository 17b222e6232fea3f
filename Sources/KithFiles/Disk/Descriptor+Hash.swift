import KithDigest

extension Descriptor {
    /// The hash of a whole file of `size` bytes: the SHA-256 of one that travels in one piece, the tree hash of others.
    func fileHash(size: Int) throws(Errno) -> [UInt8] {
        guard size > Packer.smallSize else { return SHA256.hash(try read(size, at: 0)) }
        return try treeHash(0..<size)
    }

    /// The tree hash of `range`.
    func treeHash(_ range: Range<Int>) throws(Errno) -> [UInt8] {
        let tree = TreeHash()
        for start in stride(from: range.lowerBound, to: range.upperBound, by: ContentReader.pieceSize) {
            tree.update(try read(min(ContentReader.pieceSize, range.upperBound - start), at: start))
        }
        return tree.finish()
    }
}
