public import KithAPI

/// Tells a daemon that has nothing to say from one that does not answer: after a silence it is asked, on a connection of
/// its own, who it is. A command may be silent for hours; a frozen daemon is found in seconds.
struct DaemonSilence: Sendable {
    /// Where the daemon listens.
    let path: String
    /// After so long a silence the daemon is asked, and may take so long to answer.
    var pause = Duration.seconds(5)

    private static let question = "GET \(Ping.path) HTTP/1.1\r\nhost: kith\r\nconnection: close\r\n\r\n"

    /// Asks the daemon who it is.
    ///
    /// - Throws: ``KithError`` `unavailable` if nothing comes back.
    func check() async throws {
        let socket: LocalSocket
        do {
            socket = try await LocalSocket.connect(to: path)
        } catch let error as KithError where error.code == .limited {
            throw KithError.daemonSilent
        } catch is KithError {
            // Nobody listens there any more; whether ours goes on, our own connection says.
            return
        }
        let connection = Connection(socket.descriptor, self)
        guard connection.send(Array(Self.question.utf8)[...]) != nil else { return }
        guard await Poller.shared.isReady(connection.descriptor, toRead: true, within: pause) else {
            throw KithError.daemonSilent
        }
    }
}

extension KithError {
    /// That the local daemon takes connections and does not answer: it is frozen, or stuck.
    public static let daemonSilent = KithError(
        .unavailable, "The daemon does not answer.",
        hint: "See `kith logs --daemon`; `kith restart` starts it anew, and commands run on.")
}
