import CAvahi
import Glibc
import KithAPI

/// Looks for `_kith._tcp` and keeps a resolver open for every instance, because only an open resolver tells
/// of changed records and addresses. Freed together with its client.
final class AvahiBrowser {
    /// How many instances are remembered. avahi-daemon allows a client 1,024 objects, of which the
    /// browser and the group are two.
    static let instanceLimit = 1_000

    private struct Instance {
        let resolver: OpaquePointer
        var isAdvert = false
    }

    private let client: OpaquePointer
    private let deliver: (AvahiSignal) -> Void
    private var browser: OpaquePointer?
    private var instances: [Sighting.Key: Instance] = [:]

    /// Nil if avahi-daemon gives us no browser; the client knows why.
    init?(client: OpaquePointer, deliver: @escaping (AvahiSignal) -> Void) {
        self.client = client
        self.deliver = deliver
        let callback: AvahiServiceBrowserCallback = { _, interface, family, event, name, _, domain, _, context in
            guard let context else { return }
            let browser = Unmanaged<AvahiBrowser>.fromOpaque(context).takeUnretainedValue()
            guard event != AVAHI_BROWSER_FAILURE else { return browser.fail() }
            guard let name, let domain else { return }
            let way = Way(interface: interface, family: family)
            browser.browsed(event, way.key(String(cString: name)), domain: String(cString: domain))
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        browser = avahi_service_browser_new(
            client, -1, -1, AvahiPublisher.serviceType, nil, AvahiLookupFlags(rawValue: 0), callback, context)
        if browser == nil { return nil }
    }

    private func fail() { deliver(.failed(avahi_client_errno(client))) }

    private func browsed(_ event: AvahiBrowserEvent, _ key: Sighting.Key, domain: String) {
        if event == AVAHI_BROWSER_NEW, instances[key] == nil { resolve(key, domain: domain) }
        if event == AVAHI_BROWSER_REMOVE, let instance = instances.removeValue(forKey: key) {
            avahi_service_resolver_free(instance.resolver)
            deliver(.gone(key))
        }
    }

    private func resolve(_ key: Sighting.Key, domain: String) {
        guard instances.count < Self.instanceLimit || forgetOneThatIsNoAdvert() else { return }
        let callback: AvahiServiceResolverCallback = {
            _, interface, family, event, name, _, _, _, address, port, txt, _, context in
            // A resolver that timed out stays open: what it waited for may still come.
            guard let context, event == AVAHI_RESOLVER_FOUND, let name, let address else { return }
            let way = Way(interface: interface, family: family)
            let answer = Answer(way: way, address: address, port: Int(port), txt: txt)
            let browser = Unmanaged<AvahiBrowser>.fromOpaque(context).takeUnretainedValue()
            browser.resolved(way.key(String(cString: name)), answer)
        }
        let way = Way(key)
        let resolver = avahi_service_resolver_new(
            client, way.interface, way.family, key.instance, AvahiPublisher.serviceType, domain, way.family,
            AvahiLookupFlags(rawValue: 0), callback, Unmanaged.passUnretained(self).toOpaque())
        if let resolver { instances[key] = Instance(resolver: resolver) }
    }

    private func resolved(_ key: Sighting.Key, _ answer: Answer) {
        guard instances[key] != nil else { return }
        let sighting = answer.sighting(key)
        instances[key]?.isAdvert = sighting != nil
        deliver(sighting.map { .seen($0) } ?? .unreadable(key))
    }

    /// Makes room when strangers fill the list with rubbish.
    private func forgetOneThatIsNoAdvert() -> Bool {
        guard let (key, instance) = instances.first(where: { !$0.value.isAdvert }) else { return false }
        avahi_service_resolver_free(instance.resolver)
        instances[key] = nil
        return true
    }
}

/// Interface and family, as libavahi numbers them.
private struct Way {
    let interface: AvahiIfIndex
    let family: AvahiProtocol

    init(interface: AvahiIfIndex, family: AvahiProtocol) {
        self.interface = interface
        self.family = family
    }

    init(_ key: Sighting.Key) {
        self.init(
            interface: AvahiIfIndex(key.interface),
            family: AvahiProtocol(key.isIPv6 ? AVAHI_PROTO_INET6 : AVAHI_PROTO_INET))
    }

    func key(_ instance: String) -> Sighting.Key {
        Sighting.Key(instance: instance, interface: Int(interface), isIPv6: family == AvahiProtocol(AVAHI_PROTO_INET6))
    }

    /// What the system calls the interface; empty if it is gone.
    var interfaceName: String {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard interface > 0, if_indextoname(UInt32(interface), &name) != nil else { return "" }
        return String(terminated: name)
    }
}

/// What a resolver found, copied out of libavahi's memory.
private struct Answer {
    let host: String?
    let port: Int
    let record: TXTRecord

    init(way: Way, address: UnsafePointer<AvahiAddress>, port: Int, txt: UnsafeMutablePointer<AvahiStringList>?) {
        var text = [CChar](repeating: 0, count: Int(AVAHI_ADDRESS_STR_MAX))
        avahi_address_snprint(&text, text.count, address)
        host = AddressRule.host(String(terminated: text), on: way.interfaceName)
        self.port = port
        record = TXTRecord(strings: Self.strings(of: txt))
    }

    func sighting(_ key: Sighting.Key) -> Sighting? {
        guard let host, let advert = record.advert(port: port), let address = Address(host: host, port: port) else {
            return nil
        }
        return Sighting(key: key, advert: advert, address: address)
    }

    /// Stops behind the limit: what is longer is refused anyway.
    private static func strings(of list: UnsafeMutablePointer<AvahiStringList>?) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        var byteCount = 0
        var next = list
        while let entry = next, byteCount <= TXTRecord.byteLimit {
            let bytes = UnsafeBufferPointer(
                start: avahi_string_list_get_text(entry), count: avahi_string_list_get_size(entry))
            strings.append(Array(bytes))
            byteCount += bytes.count + 1
            next = avahi_string_list_get_next(entry)
        }
        return strings
    }
}

extension String {
    /// The text before the zero.
    fileprivate init(terminated text: [CChar]) {
        self.init(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
