import Glibc
import KithAPI

/// Where the text of an argument comes from when it does not stand in the argument itself.
enum Source {
    case standardInput
    case file(String)

    /// All of it, read off the concurrency pool.
    ///
    /// - Throws: ``KithError`` where there is more than `limit` bytes, or it is not UTF-8.
    func text(limit: Int) async throws -> String {
        guard let text = String(validating: try await bytes(limit: limit), as: UTF8.self) else {
            throw KithError(.requestInvalid, "The text is not valid UTF-8.", hint: "Use `kith send` for bytes.")
        }
        return text
    }

    private func bytes(limit: Int) async throws -> [UInt8] {
        let descriptor = try open()
        defer { if descriptor != Descriptor.standardInput.rawValue { close(descriptor) } }
        let input = StandardInput(descriptor: descriptor)
        var all: [UInt8] = []
        while let piece = await input.piece() {
            all += piece
            guard all.count <= limit else {
                throw KithError(
                    .requestTooLarge, "The text is longer than \(Measure.bytes(limit)).",
                    hint: "Use `kith send` for files.")
            }
        }
        try Task.checkCancellation()
        return all
    }

    private func open() throws(KithError) -> Int32 {
        guard case .file(let path) = self else { return Descriptor.standardInput.rawValue }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw KithError(.notFound, "`\(path)` cannot be read: \(String(cString: strerror(errno))).")
        }
        return descriptor
    }
}
