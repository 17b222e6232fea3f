import Glibc
import KithAPI

/// A settings file of an agent: read whole, written whole or not at all.
struct AgentFile {
    /// The most bytes that are read.
    static let maximum = 16 << 20

    let path: String

    /// What is in it; empty where there is none.
    func read() throws(KithError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw failure("cannot be read") }
            return []
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, isPlain(facts) else { throw notPlain }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= Self.maximum {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw failure("cannot be read") }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
        }
        throw KithError(.configInvalid, "\(path) is larger than \(Self.maximum >> 20) MiB.")
    }

    /// Its text as JSON that can be changed.
    func json() throws(KithError) -> JSONText {
        let bytes = try read()
        do { return try JSONText(bytes) } catch {
            throw KithError(
                .configInvalid, "\(path) cannot be changed: \(error.message)",
                hint: "Add the server by hand; `kith mcp add --dry-run` shows what is to be in it.")
        }
    }

    /// Replaces the file in one step; a link is followed, and its mode stays (0600 for a new one).
    func write(_ bytes: [UInt8]) throws(KithError) {
        let target = realpath(path, nil).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
        let place = target ?? path
        try makeFolder(of: place)
        var status = stat()
        let isThere = stat(place, &status) == 0
        // A unit that is masked is a link to /dev/null.
        guard !isThere || isPlain(status) else { throw notPlain }
        let mode = isThere ? status.st_mode & 0o777 : 0o600
        let temporary = "\(place).kith-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("cannot be written") }
        let isWritten = put(bytes, descriptor) && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(temporary, place) == 0 else {
            unlink(temporary)
            throw failure("cannot be written")
        }
    }

    private func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func makeFolder(of path: String) throws(KithError) {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure("cannot be made") }
        }
    }

    private func isPlain(_ facts: stat) -> Bool { facts.st_mode & S_IFMT == S_IFREG }

    private var notPlain: KithError {
        KithError(.fileIO, "\(path) is not a plain file.", hint: "Move what is there away.")
    }

    private func failure(_ what: String) -> KithError {
        KithError(.fileIO, "\(path) \(what): \(String(cString: strerror(errno))).")
    }
}
