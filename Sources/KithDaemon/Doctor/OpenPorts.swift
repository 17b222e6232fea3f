import Foundation
import Glibc

/// The TCP sockets of this machine that listen, as the kernel lists them.
struct OpenPorts: Sendable, Equatable {
    /// The address in numbers, for example `127.0.0.1`; `0.0.0.0` and `::` are all of them.
    var host: String
    var port: Int
    var inode: Int

    /// Whether only this machine reaches it.
    var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// All of them.
    static func read() -> [OpenPorts] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { file in
            let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").dropFirst().compactMap(OpenPorts.init)
        }
    }

    /// Those that process `id` holds.
    static func held(by id: Int32) -> [OpenPorts] {
        let inodes = Self.inodes(of: id)
        return read().filter { inodes.contains($0.inode) }
    }

    /// `sl local_address rem_address st … inode`, addresses in hexadecimal words of the machine.
    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        guard words.count > 9, words[3] == "0A", let inode = Int(words[9]) else { return nil }
        let parts = words[1].split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1], radix: 16), let host = Self.host(parts[0]) else { return nil }
        (self.host, self.port, self.inode) = (host, port, inode)
    }

    private static func host(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: text.utf8.count - 7, by: 8) {
            guard let word = UInt32(text.dropFirst(start).prefix(8), radix: 16) else { return nil }
            withUnsafeBytes(of: word) { bytes += $0 }
        }
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var room = [CChar](repeating: 0, count: 64)
        guard inet_ntop(family, bytes, &room, socklen_t(room.count)) != nil else { return nil }
        return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `process 123 (nginx)`, as far as we may see it.
    var owner: String? {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        guard let id = all.lazy.compactMap({ Int32($0) }).first(where: { Self.inodes(of: $0).contains(inode) }) else {
            return nil
        }
        let name = (try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)) ?? ""
        return "process \(id) (\(name.trimmingCharacters(in: .whitespacesAndNewlines)))"
    }

    private static func inodes(of id: Int32) -> Set<Int> {
        let folder = "/proc/\(id)/fd"
        let links = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            links.compactMap { name in
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"),
                    target.hasPrefix("socket:[")
                else { return nil }
                return Int(target.dropFirst(8).dropLast())
            })
    }
}
