/// The strings of a `_kith._tcp` TXT record, for example `v=1`, `id=…`, `name=studio`, `pairing`.
///
/// Reading never fails loudly: a record that is too large, incomplete or wrong in any key that we know is
/// no advert. Unknown keys are left alone, and of a repeated key the first counts (RFC 6763, section 6.4).
public struct TXTRecord: Equatable, Sendable {
    /// How many bytes a record may have on the network. More than a few thousand crash Avahi 0.8.
    public static let byteLimit = 400

    /// Each `key=value`, or a key alone.
    public let strings: [[UInt8]]

    /// A record as it came from the network.
    public init(strings: [[UInt8]]) { self.strings = strings }

    /// The record that announces `advert`.
    public init(_ advert: Advert) {
        let versions = advert.protocols
        let range = versions.count == 1 ? "\(versions.lowerBound)" : "\(versions.lowerBound)-\(versions.upperBound)"
        var lines = ["v=\(range)", "id=\(advert.id.text)", "name=\(advert.name.text)"]
        if advert.isPairing { lines.append("pairing") }
        strings = lines.map { Array($0.utf8) }
    }

    /// The size on the network: every string takes one byte for its length.
    public var byteCount: Int { strings.reduce(0) { $0 + $1.count + 1 } }
}
