import Foundation
import Glibc
import KithAPI

/// Who may see and change what the node keeps: its folders and files are its owner's alone.
struct HomeModes: Sendable {
    let home: Home

    /// Something of ours that is not as it should be.
    private struct Trouble {
        var path: String
        var message: String
        /// The mode it should have; nil where a mode does not help.
        var mode: mode_t?
        var isMissing = false
    }

    private static let limit = 1_000

    /// One finding for the folders and one for the files.
    func findings() -> [Finding] {
        guard Self.facts(home.folders.data) != nil, Self.facts(home.identityFolder) != nil else {
            return [
                Finding("folders", .failed, "This machine has no identity yet.", remedy: "kith init")
            ]
        }
        return [
            Self.finding("folders", folderTroubles, or: "\(home.folders.data) is ours alone."),
            Self.finding("files", fileTroubles, or: "The key and the data are for nobody else to read."),
        ]
    }

    /// Makes what is missing, and takes from others what is not theirs.
    func mend() -> [Finding] {
        (folderTroubles + fileTroubles).map { trouble in
            guard let mode = trouble.mode else {
                return Finding("folders", .failed, trouble.message, remedy: Self.remedy([trouble]))
            }
            let isMended = trouble.isMissing ? Self.make(trouble.path) : chmod(trouble.path, mode) == 0
            let word = trouble.isMissing ? "made" : "closed to others"
            return isMended
                ? Finding("modes", .ok, "\(trouble.path) was \(word).")
                : Finding("modes", .failed, "\(trouble.path): \(String(cString: strerror(errno))).")
        }
    }

    private static func finding(_ subject: String, _ troubles: [Trouble], or fine: String) -> Finding {
        guard let first = troubles.first else { return Finding(subject, .ok, fine) }
        let more = troubles.count > 1 ? " And \(troubles.count - 1) more." : ""
        let isBad = troubles.contains { !$0.isMissing }
        return Finding(subject, isBad ? .failed : .warning, first.message + more, remedy: remedy(troubles))
    }

    private static func remedy(_ troubles: [Trouble]) -> String {
        guard let first = troubles.first else { return "kith doctor --fix" }
        guard let mode = first.mode else { return "ls -ld \(first.path.quoted)  # Move it away: it must be our own." }
        guard troubles.count == 1 else { return "kith doctor --fix" }
        return first.isMissing
            ? "mkdir -m 700 \(first.path.quoted)" : "chmod \(String(mode, radix: 8)) \(first.path.quoted)"
    }

    // MARK: Looking

    private var folderTroubles: [Trouble] {
        let folders = home.folders
        let own = [folders.data, home.identityFolder, folders.logs, folders.runtime, home.jobsFolder]
        return own.compactMap { folder in
            guard let facts = Self.facts(folder) else {
                let isMade = folder == home.jobsFolder
                return isMade
                    ? nil : Trouble(path: folder, message: "\(folder) is missing.", mode: 0o700, isMissing: true)
            }
            guard Self.isOurs(facts) else {
                return Trouble(path: folder, message: "\(folder) is a link, or somebody else's.", mode: nil)
            }
            guard facts.st_mode & 0o077 != 0 else { return nil }
            return Trouble(path: folder, message: "\(folder) can be entered by others.", mode: 0o700)
        }
    }

    private var fileTroubles: [Trouble] {
        let folders = home.folders
        // What a link leads to is not ours to judge, let alone to change.
        let own = [home.identityFolder, folders.data, folders.logs, folders.runtime].filter(Self.isOurs)
        let inside = own.flatMap(Self.files)
        let open = Set(inside).subtracting([folders.configuration]).sorted().compactMap {
            Self.trouble($0, forbidden: 0o077)
        }
        return open + [Self.trouble(folders.configuration, forbidden: 0o022)].compactMap(\.self)
    }

    /// Whether it is a folder itself, and of this user.
    static func isOurs(_ folder: String) -> Bool { facts(folder).map(isOurs) ?? false }

    private static func isOurs(_ facts: stat) -> Bool {
        facts.st_mode & S_IFMT == S_IFDIR && facts.st_uid == geteuid()
    }

    private static func files(of folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().prefix(limit).map {
            "\(folder)/\($0)"
        }
    }

    private static func trouble(_ path: String, forbidden: mode_t) -> Trouble? {
        guard let facts = facts(path), [S_IFREG, S_IFSOCK].contains(facts.st_mode & S_IFMT),
            facts.st_mode & forbidden != 0
        else { return nil }
        let verb = forbidden & 0o044 != 0 ? "read" : "changed"
        return Trouble(
            path: path, message: "\(path) can be \(verb) by others.", mode: facts.st_mode & 0o777 & ~forbidden)
    }

    private static func facts(_ path: String) -> stat? {
        var facts = stat()
        return lstat(path, &facts) == 0 ? facts : nil
    }

    private static func make(_ folder: String) -> Bool {
        (try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])) != nil
    }
}
