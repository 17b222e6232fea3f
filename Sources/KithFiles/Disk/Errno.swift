import Glibc
import KithAPI

/// What the kernel said, before it becomes an error for people.
struct Errno: Error, Equatable {
    let code: Int32

    static var last: Errno { Errno(code: errno) }

    /// Throws what `errno` says if `result` is negative.
    static func check(_ result: Int32) throws(Errno) {
        guard result >= 0 else { throw last }
    }

    /// The error for people: what could not be done to which path.
    func explained(_ verb: String, _ path: String) -> KithError {
        let why = String(cString: strerror(code))
        return KithError(answer.code, "`\(path)` could not be \(verb): \(why).", hint: answer.hint)
    }

    private var answer: (code: ErrorCode, hint: String?) {
        Self.answers[code] ?? (.fileIO, nil)
    }

    private static let answers: [Int32: (code: ErrorCode, hint: String?)] = [
        ENOENT: (
            .notFound,
            "Check the path with `kith ls`; a peer sees only what it was granted, by default the home folder."
        ),
        EACCES: (.filePermission, "Check the owner and the mode of the path."),
        EPERM: (.filePermission, "Check the owner and the attributes of the path."),
        EROFS: (.filePermission, "The file system is mounted read-only."),
        ENOSPC: (.fileNoSpace, "Make room on the disk and try again."),
        EFBIG: (.fileNoSpace, "The file system holds no file that large."),
        EDQUOT: (.fileNoSpace, "Make room within the quota and try again."),
        EISDIR: (.fileIsFolder, "End the destination with `/` to place it into that folder."),
        ENOTDIR: (
            .fileNotFolder, "A file stands where a folder is needed; to replace it, leave out the `/` at the end."
        ),
        ELOOP: (.fileNotFolder, "A link stands where a folder is needed."),
        EEXIST: (.fileExists, nil),
        ENAMETOOLONG: (.requestInvalid, "Use a shorter name."),
        EMFILE: (.limited, "Try again when fewer transfers run."),
        ENFILE: (.limited, "Try again when fewer transfers run."),
    ]
}

/// Runs `body` and says in our words what the kernel refused.
func explaining<Value>(
    _ verb: String, _ path: @autoclosure () -> String, _ body: () throws(Errno) -> Value
) throws(KithError) -> Value {
    do throws(Errno) {
        return try body()
    } catch {
        throw error.explained(verb, path())
    }
}
