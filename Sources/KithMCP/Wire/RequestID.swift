import KithAPI

/// What a request is called by the one who sent it: text or a whole number, never null.
enum RequestID: Hashable, Sendable {
    case text(String)
    case number(Int)

    init?(_ value: JSONValue?) {
        switch value {
        case .string(let text): self = .text(text)
        case .integer(let number): self = .number(number)
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .integer(number)
        }
    }
}
