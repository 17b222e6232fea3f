import ArgumentParser

/// `studio:path`, as scp and rsync have it: Kith names the peer first, as a word of its own. Pure.
struct ColonForm: Equatable {
    let peer: String
    let path: String

    /// Reads a word; nil for what has no colon, an address with a port, or IPv6.
    init?(_ word: String) {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains("/") else { return nil }
        guard parts[1].isEmpty || !parts[1].allSatisfy(\.isNumber) else { return nil }
        (peer, path) = (parts[0], parts[1])
    }

    /// Refuses words for `kith send` that are meant for scp.
    static func check(sending paths: [String], to peer: String) throws {
        if let form = ColonForm(peer) { throw refusal("send \(form.peer) \(paths[0]) inbox/") }
        guard let form = ColonForm(paths[paths.count - 1]), form.path.isEmpty || form.peer == peer || paths.count == 1
        else { return }
        let sources = (form.peer == peer ? [] : [peer]) + paths.dropLast()
        let place = form.path.isEmpty ? "inbox/" : form.path
        throw refusal("send \(form.peer) \(sources.joined(separator: " ")) \(place)")
    }

    /// Refuses words for `kith pull` that are meant for scp.
    static func check(pulling paths: [String], from peer: String) throws {
        if let form = ColonForm(peer) {
            let source = form.path.isEmpty ? "FILE" : form.path
            throw refusal("pull \(form.peer) \(source) \(paths.joined(separator: " "))")
        }
        guard let form = paths.compactMap(ColonForm.init).first(where: { $0.path.isEmpty || $0.peer == peer }) else {
            return
        }
        throw refusal("pull \(form.peer) \(form.path.isEmpty ? "FILE" : form.path)")
    }

    private static func refusal(_ words: String) -> ValidationError {
        ValidationError("Kith names the peer first, as a word of its own: kith \(words)")
    }
}
