extension String {
    /// As a word that a shell takes as it is: what a remedy has people paste.
    public var quoted: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"'\"\\$`;&|<>()*?[]{}#~!".utf8.contains(byte)
            }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
