import Glibc
import KithAPI

/// Draws a QR code on the terminal, by the program `qrencode`.
enum QRCode {
    /// Draws `text`, which goes to the program's standard input: a secret has no place in arguments.
    ///
    /// - Throws: ``KithError`` `unavailable` where the program is not installed.
    static func draw(_ text: String) throws(KithError) {
        fflush(nil)
        guard let program = popen("qrencode -t UTF8 -m 2 2>/dev/null", "w") else { throw missing }
        fputs(text, program)
        guard pclose(program) == 0 else { throw missing }
    }

    private static var missing: KithError {
        KithError(
            .unavailable, "The program `qrencode` draws QR codes, and it is not installed.",
            hint: "Install it (apt-get install qrencode), or use `kith pair --string`.")
    }
}
