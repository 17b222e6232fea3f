public import KithAPI

/// An advert as it was seen: where, and on which way.
public struct Sighting: Hashable, Sendable {
    /// Tells one announced instance on one way from all others. A node that is seen on two interfaces,
    /// or over IPv4 and IPv6, has several.
    public struct Key: Hashable, Sendable {
        /// The instance's name on the network; text of strangers, at most 63 bytes, never to be shown.
        public let instance: String
        /// The network interface, by its number.
        public let interface: Int
        /// Whether it came over IPv6.
        public let isIPv6: Bool

        /// A key from its parts.
        public init(instance: String, interface: Int, isIPv6: Bool) {
            self.instance = instance
            self.interface = interface
            self.isIPv6 = isIPv6
        }
    }

    /// Under which key it is going to be changed or lost.
    public let key: Key
    /// What the node said.
    public let advert: Advert
    /// Where it would be reached.
    public let address: Address

    /// A sighting from its parts.
    public init(key: Key, advert: Advert, address: Address) {
        self.key = key
        self.advert = advert
        self.address = address
    }
}
