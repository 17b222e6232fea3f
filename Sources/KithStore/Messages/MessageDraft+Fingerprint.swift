import KithAPI
import KithDigest

extension MessageDraft {
    /// Two requests with the same idempotency key must have the same one.
    static func fingerprint(of request: SendMessage) throws -> String {
        SHA256.hash(try JSON.encode(request)).hexadecimal
    }
}
