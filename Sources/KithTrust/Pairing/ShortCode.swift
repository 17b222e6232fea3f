/// The six (or nine) digits that two people compare.
public struct ShortCode: Sendable {
    private let digits: [UInt8]

    /// The last `digits` decimal digits of `number`.
    init(number: UInt64, digits: Int) {
        let text = String(number)
        let last = text.suffix(digits)
        self.digits = Array((String(repeating: "0", count: digits - last.count) + last).utf8)
    }

    /// For the screen: groups of three, as in `123 456`.
    public var text: String {
        stride(from: 0, to: digits.count, by: 3)
            .map { String(decoding: digits[$0..<min($0 + 3, digits.count)], as: UTF8.self) }
            .joined(separator: " ")
    }

    /// What a person typed, compared in constant time; nil if it is not even the right number of digits.
    func matches(_ typed: String) -> Bool? {
        let letters = typed.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        guard letters.count == digits.count,
            letters.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else { return nil }
        return ConstantTime.areEqual(Array(letters), digits)
    }
}

extension ShortCode: Equatable {
    public static func == (one: ShortCode, other: ShortCode) -> Bool {
        ConstantTime.areEqual(one.digits, other.digits)
    }
}

extension ShortCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "ShortCode(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
