import KithAPI

/// A JSON document as text in which one member can be set or taken away, and everything else stays byte for byte:
/// settings belong to people, with their order and their spaces.
struct JSONText: Equatable {
    private(set) var bytes: [UInt8]

    /// - Throws: ``KithError`` `config.invalid` where it is not one JSON object (comments are not JSON).
    init(_ bytes: [UInt8]) throws(KithError) {
        let isEmpty = bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        self.bytes = isEmpty ? Array("{}\n".utf8) : bytes
        do { _ = try JSONGuard.keys(of: self.bytes, takesAnyNumber: true) } catch {
            throw KithError(.configInvalid, "It is not one JSON object without comments.")
        }
    }

    /// The value at `path`.
    func value(at path: [String]) -> JSONValue? {
        var scan = Scan(bytes: bytes)
        guard let range = scan.find(path)?.value else { return nil }
        return try? JSON.decode(JSONValue.self, from: Array(bytes[range]))
    }

    /// Sets the member `name` of the object at `section`, which is made if it is missing.
    mutating func set(_ name: String, in section: String, to value: JSONValue) throws {
        var scan = Scan(bytes: bytes)
        if let found = scan.find([section, name]) {
            bytes.replaceSubrange(found.value, with: try Self.text(value, depth: 2))
        } else if let object = scan.find([section])?.value {
            guard bytes[object.lowerBound] == UInt8(ascii: "{") else {
                let text = try Self.text(.object([name: value] as [String: JSONValue]), depth: 1)
                return bytes.replaceSubrange(object, with: text)
            }
            try insert(name, value, into: object, depth: 2)
        } else {
            try insert(section, .object([name: value] as [String: JSONValue]), into: scan.root, depth: 1)
        }
    }

    /// Takes the member away; false if there was none.
    mutating func remove(_ name: String, from section: String) -> Bool {
        var scan = Scan(bytes: bytes)
        guard let found = scan.find([section, name]) else { return false }
        var range = found.key.lowerBound..<found.value.upperBound
        let before = bytes[..<range.lowerBound].lastIndex { !Self.isSpace($0) } ?? range.lowerBound
        let after = bytes[range.upperBound...].firstIndex { !Self.isSpace($0) }
        if let after, bytes[after] == UInt8(ascii: ",") {
            range = (before + 1)..<(after + 1)
        } else {
            range = (bytes[before] == UInt8(ascii: ",") ? before : before + 1)..<range.upperBound
        }
        bytes.removeSubrange(range)
        return true
    }

    private mutating func insert(_ name: String, _ value: JSONValue, into object: Range<Int>, depth: Int) throws {
        let isEmpty = bytes[(object.lowerBound + 1)..<(object.upperBound - 1)].allSatisfy(Self.isSpace)
        let indent = String(repeating: "  ", count: depth)
        let member = Array("\n\(indent)".utf8) + (try JSON.encode(name)) + Array(": ".utf8)
        let tail: [UInt8] = isEmpty ? Array("\n\(indent.dropLast(2))".utf8) : [UInt8(ascii: ",")]
        let text = member + (try Self.text(value, depth: depth)) + tail
        if isEmpty {
            bytes.replaceSubrange((object.lowerBound + 1)..<(object.upperBound - 1), with: text)
        } else {
            bytes.insert(contentsOf: text, at: object.lowerBound + 1)
        }
    }

    /// `value` over several lines, two spaces a level.
    private static func text(_ value: JSONValue, depth: Int) throws -> [UInt8] {
        guard case .object(let members) = value, !members.isEmpty else { return try JSON.encode(value) }
        let indent = String(repeating: "  ", count: depth + 1)
        let lines = try members.sorted { $0.key < $1.key }.map { key, value in
            try Array(indent.utf8) + JSON.encode(key) + Array(": ".utf8) + text(value, depth: depth + 1)
        }
        return Array("{\n".utf8) + lines.joined(separator: Array(",\n".utf8)) + Array("\n\(indent.dropLast(2))}".utf8)
    }

    fileprivate static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}

/// Finds members in JSON that is known to be sound.
private struct Scan {
    /// Where a member stands.
    struct Member {
        let key: Range<Int>
        let value: Range<Int>
    }

    let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var root: Range<Int> {
        var scan = Scan(bytes: bytes)
        return scan.value()
    }

    /// The member at `path`, from the root.
    mutating func find(_ path: [String]) -> Member? {
        at = 0
        var found: Member?
        for name in path {
            guard let member = member(name) else { return nil }
            at = member.value.lowerBound
            found = member
        }
        return found
    }

    /// The member of the object that begins here.
    private mutating func member(_ name: String) -> Member? {
        skipSpace()
        guard bytes[at] == UInt8(ascii: "{") else { return nil }
        at += 1
        skipSpace()
        while bytes[at] != UInt8(ascii: "}") {
            let key = value()
            skipSpace()
            at += 1
            let value = value()
            if (try? JSON.decode(String.self, from: Array(bytes[key]))) == name {
                return Member(key: key, value: value)
            }
            skipSpace()
            if bytes[at] == UInt8(ascii: ",") { at += 1 }
            skipSpace()
        }
        return nil
    }

    /// The range of the value that begins here; the scan stands behind it.
    private mutating func value() -> Range<Int> {
        skipSpace()
        let start = at
        var depth = 0
        repeat {
            switch bytes[at] {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                at += 1
            case let byte where depth > 0 && (JSONText.isSpace(byte) || byte == 0x2C || byte == 0x3A): at += 1
            default: skipScalar()
            }
        } while depth > 0
        return start..<at
    }

    private mutating func skipString() {
        at += 1
        while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        at += 1
    }

    private mutating func skipScalar() {
        while at < bytes.count, !JSONText.isSpace(bytes[at]), !",}]".utf8.contains(bytes[at]) { at += 1 }
    }

    private mutating func skipSpace() {
        while at < bytes.count, JSONText.isSpace(bytes[at]) { at += 1 }
    }
}
