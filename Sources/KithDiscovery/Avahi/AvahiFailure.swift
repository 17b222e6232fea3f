import CAvahi
import KithAPI

/// Why discovery does not work, for people.
enum AvahiFailure {
    static let daemonIsMissing = KithError(
        .unavailable, "avahi-daemon is not running, so nodes on the network cannot be found.",
        hint: "Start it (`systemctl start avahi-daemon`); known addresses are used meanwhile.")

    static let busIsMissing = KithError(
        .unavailable, "The D-Bus system bus cannot be reached, so nodes on the network cannot be found.",
        hint: "Start dbus and avahi-daemon, or `scripts/avahi-private start DIR` where neither runs.")

    /// The error for libavahi's number. "No daemon" means the bus here: a session waits for avahi-daemon.
    static func error(for number: Int32) -> KithError {
        switch number {
        case Int32(AVAHI_ERR_DISCONNECTED): daemonIsMissing
        case Int32(AVAHI_ERR_NO_DAEMON), Int32(AVAHI_ERR_DBUS_ERROR): busIsMissing
        default:
            KithError(
                .unavailable, "avahi-daemon failed: \(String(cString: avahi_strerror(number))).",
                hint: "Look at its log; known addresses are used meanwhile.")
        }
    }
}
