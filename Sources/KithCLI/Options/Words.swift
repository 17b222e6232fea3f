public import ArgumentParser
public import KithAPI

/// A span of time as people type it: `90`, `90s`, `500ms`, `1h30m`, `2d`; a bare number is seconds.
struct TimeSpan: ExpressibleByArgument, Equatable {
    /// Never negative.
    let duration: Duration

    /// Reads `text`; nil if it is not a span of time or longer than ten years.
    init?(argument text: String) {
        var rest = text[...]
        var total = 0.0
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            let letters = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Double(digits), let unit = Self.seconds[String(letters)],
                !letters.isEmpty || rest.count == text.count
            else { return nil }
            total += number * unit
            rest = rest.dropFirst(digits.count + letters.count)
        } while !rest.isEmpty
        guard total <= 10 * 365 * 86_400 else { return nil }
        duration = .milliseconds(Int64((total * 1000).rounded()))
    }

    /// As a number of seconds.
    var seconds: Double { Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18 }

    /// As whole seconds, rounded up.
    var wholeSeconds: Int { Int(seconds.rounded(.up)) }

    private static let seconds = ["": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]
}

extension GrantPreset: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension PeerName: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension PeerID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension SandboxProfile: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension CommandSignal.Name: ExpressibleByArgument {
    /// As people write it: `INT`, `sigint`.
    public init?(argument: String) {
        let word = argument.uppercased()
        self.init(rawValue: word.hasPrefix("SIG") ? String(word.dropFirst(3)) : word)
    }

    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}
