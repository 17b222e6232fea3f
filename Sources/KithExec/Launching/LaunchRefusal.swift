import Glibc

/// The reasons for which the kernel does not start a process, as far as they differ for people.
enum LaunchRefusal: Sendable {
    case tooBig, noPlace, noFormat, notThere, other

    init(_ number: Int32) {
        switch number {
        case E2BIG: self = .tooBig
        case EAGAIN, ENOMEM, EMFILE, ENFILE: self = .noPlace
        case ENOEXEC: self = .noFormat
        case ENOENT: self = .notThere
        default: self = .other
        }
    }
}
