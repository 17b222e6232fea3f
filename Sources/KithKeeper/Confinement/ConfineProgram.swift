import CLinux
import Glibc
import KithAPI

/// `kith confine KEY=VALUE… -- PROGRAM ARGUMENTS…`: fences itself in, and becomes the program.
///
/// Started by the keeper only, with the folder, the descriptors and the environment of the command.
public enum ConfineProgram {
    /// What the command sees as the exit code where the fence cannot be set up; the reason stands on its standard
    /// error. The command has not started then.
    public static let failure: Int32 = 126

    /// Obeys the words behind `kith confine`; returns only if that cannot be done.
    public static func run(_ words: [String]) -> Int32 {
        do throws(KithError) {
            let end = words.firstIndex(of: "--") ?? words.endIndex
            guard words.count > end + 2 else {
                throw KithError(.requestInvalid, "Nothing to run was given.")
            }
            let confinement = try Confinement(words: Array(words[..<end]))
            let confined = Confined(program: words[end + 1], arguments: Array(words[(end + 2)...]))
            try confined.start(within: confinement)
        } catch {
            complain("kith: The command was not started: \(error.message)")
        }
        return failure
    }

    private static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }
}

/// A command that is about to start in a fence.
struct Confined {
    let program: String
    let arguments: [String]

    /// Sets everything up and becomes the program; returns only by throwing.
    func start(within confinement: Confinement) throws(KithError) {
        try checkFolder(confinement)
        if let processes = confinement.processes { try ProcessBound(count: processes).apply() }
        if let memory = confinement.memory { try check(kith_bound_memory(UInt64(memory) << 20), "bound its memory") }
        if confinement.sandbox == .container { return try become(Bubblewrap(confinement).words(self)) }
        let file = try open(confinement)
        if confinement.sandbox == .workspace { try fence(confinement) }
        try becomeProgram(file)
    }

    // MARK: Fence

    private func fence(_ confinement: Confinement) throws(KithError) {
        try check(kith_take_privileges(), "take its privileges away")
        // Inside bubblewrap its name spaces are the fence of files and signals.
        if !confinement.isInContainer { try fenceFiles(confinement) }
        try check(kith_refuse_sockets(), "refuse it sockets")
    }

    private func fenceFiles(_ confinement: Confinement) throws(KithError) {
        do throws(Errno) {
            let landlock = try Landlock()
            try landlock.openReading(except: confinement.denied + ["/dev"])
            for folder in confinement.writable { try landlock.openChanging(folder) }
            for device in Self.devices { try landlock.openDevice(device) }
            if let terminal = Self.ownTerminal { try landlock.openDevice(terminal) }
            try landlock.close()
        } catch {
            throw KithError(.unavailable, "the kernel refused to fence its files: \(error.text).")
        }
    }

    /// None of `/dev/pts`: there stand the terminals of all programs of this user, to be read and typed into.
    private static let devices = ["null", "zero", "full", "random", "urandom", "tty"].map { "/dev/\($0)" }

    /// The command's own terminal, which the keeper gave it as its input; nil if it has none.
    private static var ownTerminal: String? {
        var path = [CChar](repeating: 0, count: 64)
        guard ttyname_r(0, &path, path.count) == 0 else { return nil }
        return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Checks

    private func checkFolder(_ confinement: Confinement) throws(KithError) {
        guard let expected = confinement.folder else { return }
        let here = getcwd(nil, 0)
        defer { free(here) }
        guard let here, String(cString: here).utf8.elementsEqual(expected.utf8) else {
            throw KithError(.conflict, "its folder is another one than when this was decided.")
        }
    }

    /// Opens the program, and refuses another file than the one that was decided on.
    private func open(_ confinement: Confinement) throws(KithError) -> Int32 {
        let file = Glibc.open(program, O_RDONLY | O_CLOEXEC)
        guard let expected = confinement.program else { return file }
        guard file >= 0, FileIdentity(of: file) == expected else {
            throw KithError(.conflict, "its program is another file than when this was decided.")
        }
        return file
    }

    private func check(_ failure: Int32, _ what: String) throws(KithError) {
        guard failure == 0 else {
            throw KithError(.unavailable, "the kernel refused to \(what): \(Errno(code: failure).text).")
        }
    }

    // MARK: Becoming

    /// The very file that was looked at; a script is named again, for its interpreter opens it by name.
    private func becomeProgram(_ file: Int32) throws(KithError) {
        var start: [UInt8] = [0, 0]
        if file >= 0, pread(file, &start, 2, 0) == 2, start != Array("#!".utf8) {
            let failure = ArgumentList(arguments).withPointers { kith_become(file, $0) }
            if failure != ENOSYS { throw couldNot(failure) }
        }
        try become([program] + arguments)
    }

    /// - Parameter words: The program's path, then its arguments with its own name first.
    private func become(_ words: [String]) throws(KithError) {
        ArgumentList(Array(words.dropFirst())).withPointers { _ = execv(words[0], $0) }
        throw couldNot(errno)
    }

    private func couldNot(_ failure: Int32) -> KithError {
        KithError(.execFailed, "`\(program)` cannot be executed: \(Errno(code: failure).text).")
    }
}

/// Arguments as C wants them, ended with NULL.
private struct ArgumentList {
    private let arguments: [String]

    init(_ arguments: [String]) { self.arguments = arguments }

    func withPointers<Value>(_ body: ([UnsafeMutablePointer<CChar>?]) -> Value) -> Value {
        let copies = arguments.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
