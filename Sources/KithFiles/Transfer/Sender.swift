import KithAPI

/// Sends what a packer packs. The next frames are read and hashed while the last ones travel; at most two
/// batches are in memory.
struct Sender {
    let packer: Packer
    let duplex: Duplex

    /// Sends everything but the end, and says after each frame how many bytes of content it carried.
    func run(sent: (Int) async throws -> Void) async throws {
        var batch = try await packer.batch()
        while !batch.isEmpty {
            async let next = packer.batch()
            for frame in batch {
                try await duplex.send(frame)
                if frame.kind == .data { try await sent(frame.payload.count) }
            }
            batch = try await next
        }
    }
}
