import CAvahi

/// Our one advert, as a service in an Avahi entry group. Freed together with its client.
final class AvahiPublisher {
    static let serviceType = "_kith._tcp"
    /// How many taken names we try in one go; every further one needs a new turn on the network.
    private static let renameLimit = 32

    private let deliver: (AvahiSignal) -> Void
    private var group: OpaquePointer?
    private var published: Advert?
    private var instance = ""

    /// Nil if avahi-daemon gives us no group; the client knows why.
    init?(client: OpaquePointer, deliver: @escaping (AvahiSignal) -> Void) {
        self.deliver = deliver
        let callback: AvahiEntryGroupCallback = { _, state, context in
            guard let context else { return }
            Unmanaged<AvahiPublisher>.fromOpaque(context).takeUnretainedValue().groupChanged(to: state)
        }
        group = avahi_entry_group_new(client, callback, Unmanaged.passUnretained(self).toOpaque())
        if group == nil { return nil }
    }

    /// Replaces what is announced; below zero, the number of libavahi's error.
    func announce(_ advert: Advert?) -> Int32 {
        guard let group, advert != published else { return 0 }
        let before = published
        published = advert
        guard let advert else { return avahi_entry_group_reset(group) }
        if let before, before.name == advert.name, before.port == advert.port, update(advert, in: group) >= 0 {
            return 0
        }
        if instance.isEmpty || before?.name != advert.name { instance = advert.name.text }
        return publish(advert, in: group)
    }

    /// Announces the same again, under the next name.
    func rename() -> Int32 {
        guard let group, let published else { return 0 }
        takeNextName()
        return publish(published, in: group)
    }

    private func publish(_ advert: Advert, in group: OpaquePointer) -> Int32 {
        var result = avahi_entry_group_reset(group)
        guard result >= 0 else { return result }
        for _ in 0..<Self.renameLimit {
            result = withTXT(advert) {
                avahi_entry_group_add_service_strlst(
                    group, -1, -1, AvahiPublishFlags(rawValue: 0), instance, Self.serviceType, nil, nil,
                    UInt16(advert.port), $0)
            }
            guard result == Int32(AVAHI_ERR_COLLISION) else { break }
            takeNextName()
        }
        return result >= 0 ? avahi_entry_group_commit(group) : result
    }

    private func update(_ advert: Advert, in group: OpaquePointer) -> Int32 {
        withTXT(advert) {
            avahi_entry_group_update_service_txt_strlst(
                group, -1, -1, AvahiPublishFlags(rawValue: 0), instance, Self.serviceType, nil, $0)
        }
    }

    /// The limit is checked here, at the last door: avahi-daemon 0.8 dies of a record that is too large.
    private func withTXT(_ advert: Advert, _ body: (UnsafeMutablePointer<AvahiStringList>?) -> Int32) -> Int32 {
        let record = TXTRecord(advert)
        guard record.byteCount <= TXTRecord.byteLimit else { return Int32(AVAHI_ERR_INVALID_RECORD) }
        var list: UnsafeMutablePointer<AvahiStringList>?
        // The list grows at its head, and is sent from its tail.
        for string in record.strings { list = avahi_string_list_add_arbitrary(list, string, string.count) }
        defer { avahi_string_list_free(list) }
        return body(list)
    }

    private func takeNextName() {
        guard let next = avahi_alternative_service_name(instance) else { return }
        instance = String(cString: next)
        avahi_free(next)
    }

    private func groupChanged(to state: AvahiEntryGroupState) {
        switch state {
        case AVAHI_ENTRY_GROUP_COLLISION: deliver(.nameTaken)
        case AVAHI_ENTRY_GROUP_FAILURE: deliver(.failed(Int32(AVAHI_ERR_FAILURE)))
        default: break
        }
    }
}
