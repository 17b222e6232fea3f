import CAvahi

/// One connection to avahi-daemon, with everything that hangs on it. Lives and dies on the queue of its
/// poll, and must not be closed from within `deliver`: libavahi would come back to freed memory.
final class AvahiSession {
    private let poll: QueuePoll
    private let deliver: (AvahiSignal) -> Void
    private var client: OpaquePointer?
    private var publisher: AvahiPublisher?
    private var browser: AvahiBrowser?
    private var isRunning = false

    init(poll: QueuePoll, deliver: @escaping (AvahiSignal) -> Void) {
        self.poll = poll
        self.deliver = deliver
    }

    /// Connects. Without a bus this fails at once; without avahi-daemon on the bus, the session waits.
    func open() {
        var failure: Int32 = 0
        let context = Unmanaged.passUnretained(self).toOpaque()
        // Also called from within avahi_client_new, when `client` is not known yet: that call is skipped,
        // and the state is asked for afterwards.
        let callback: AvahiClientCallback = { _, state, context in
            guard let context else { return }
            Unmanaged<AvahiSession>.fromOpaque(context).takeUnretainedValue().clientChanged(to: state)
        }
        client = avahi_client_new(poll.table, AVAHI_CLIENT_NO_FAIL, callback, context, &failure)
        guard let client else { return deliver(.failed(failure)) }
        clientChanged(to: avahi_client_get_state(client))
    }

    /// Announces `advert`, or nothing. While the session does not run this is not needed: its owner
    /// announces anew on `.running`.
    func announce(_ advert: Advert?) {
        if isRunning { report(publisher?.announce(advert)) }
    }

    /// Announces under the next free name.
    func rename() { report(publisher?.rename()) }

    /// Frees the client, and with it its groups, browsers and resolvers.
    func close() {
        if let client { avahi_client_free(client) }
        client = nil
        publisher = nil
        browser = nil
    }

    private func clientChanged(to state: AvahiClientState) {
        guard let client else { return }
        isRunning = state == AVAHI_CLIENT_S_RUNNING
        switch state {
        case AVAHI_CLIENT_S_RUNNING: start(with: client)
        case AVAHI_CLIENT_S_REGISTERING, AVAHI_CLIENT_S_COLLISION:
            report(publisher?.announce(nil))
            deliver(.settling)
        case AVAHI_CLIENT_CONNECTING: deliver(.waiting)
        case AVAHI_CLIENT_FAILURE: deliver(.failed(avahi_client_errno(client)))
        default: break
        }
    }

    private func start(with client: OpaquePointer) {
        if publisher == nil { publisher = AvahiPublisher(client: client, deliver: deliver) }
        if browser == nil { browser = AvahiBrowser(client: client, deliver: deliver) }
        guard publisher != nil, browser != nil else { return deliver(.failed(avahi_client_errno(client))) }
        deliver(.running)
    }

    private func report(_ result: Int32?) {
        if let result, result < 0 { deliver(.failed(result)) }
    }
}
