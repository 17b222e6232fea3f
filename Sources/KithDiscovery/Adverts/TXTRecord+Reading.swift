import KithAPI

extension TXTRecord {
    /// The advert that this record makes together with `port`; nil if it is none.
    public func advert(port: Int) -> Advert? {
        guard byteCount <= Self.byteLimit else { return nil }
        let values = values()
        guard let protocols = values["v"].flatMap(Self.versions),
            let id = values["id"].flatMap(Self.identity),
            let name = values["name"].flatMap({ PeerName($0) })
        else { return nil }
        return Advert(name: name, id: id, port: port, protocols: protocols, isPairing: values["pairing"] != nil)
    }

    private func values() -> [String: String] {
        var values: [String: String] = [:]
        for string in strings {
            guard let text = String(validating: string, as: UTF8.self), let first = text.first, first != "=" else {
                continue
            }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].lowercased()
            if values[key] == nil { values[key] = parts.count == 2 ? String(parts[1]) : "" }
        }
        return values
    }

    /// `3`, or `1-3`.
    private static func versions(_ text: String) -> ClosedRange<Int>? {
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map(version)
        guard (1...2).contains(numbers.count), let low = numbers[0], let high = numbers[numbers.count - 1], low <= high
        else { return nil }
        return low...high
    }

    private static func version(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// The plain 52 letters only: an identity has one spelling on the network.
    private static func identity(_ text: String) -> PeerID? {
        PeerID(text).flatMap { $0.text == text ? $0 : nil }
    }
}
