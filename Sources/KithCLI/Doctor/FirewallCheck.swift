import FoundationEssentials
import Glibc
import KithAPI

/// A hint whether a firewall keeps peers out. Its rules are for root to read, so often nobody can say.
struct FirewallCheck {
    let port: Int
    let environment: [String: String]
    /// Where the file system begins.
    var root = ""

    func finding() async -> Finding {
        if isOn("/etc/ufw/ufw.conf", "ENABLED=yes") { return ufw }
        if access(root + "/run/firewalld", F_OK) == 0 { return firewalld }
        return await nftables()
    }

    private func isOn(_ path: String, _ word: String) -> Bool { text(path)?.contains(word) == true }

    private func text(_ path: String) -> String? { try? String(contentsOfFile: root + path, encoding: .utf8) }

    private var ufw: Finding {
        guard let rules = text("/etc/ufw/user.rules") else { return unknown("ufw is on", "sudo ufw status") }
        guard !rules.contains("--dport \(port) ") else { return open("ufw") }
        return closed("ufw", "sudo ufw allow \(port)/tcp")
    }

    private var firewalld: Finding {
        let folder = root + "/etc/firewalld/zones"
        guard let zones = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return unknown("firewalld is on", "sudo firewall-cmd --list-all")
        }
        let texts = zones.compactMap { text("/etc/firewalld/zones/\($0)") }
        guard !texts.contains(where: { $0.contains("port=\"\(port)\"") }) else { return open("firewalld") }
        return closed(
            "firewalld", "sudo firewall-cmd --permanent --add-port=\(port)/tcp && sudo firewall-cmd --reload")
    }

    /// The kernel's own rules: a chain for what comes in that drops what no rule lets in.
    private func nftables() async -> Finding {
        guard let program = ForeignProgram.find("nft", environment),
            let (bytes, code) = try? await program.run(["list", "ruleset"], quietly: true), code == 0
        else { return Finding("firewall", .ok, "None that can be seen from here.") }
        let rules = String(decoding: bytes, as: UTF8.self)
        let chain = rules.components(of: "chain ").first { $0.contains("hook input") && $0.contains("policy drop") }
        guard let chain, !chain.contains("dport \(port)"), !chain.contains(" \(port),"), !chain.contains(", \(port)")
        else { return Finding("firewall", .ok, "No rule that can be seen keeps port \(port) closed.") }
        let name = chain.prefix { $0 != " " && $0 != "{" }
        let table = rules.components(of: "table ").first { $0.contains(chain) }?.prefix { $0 != "{" } ?? "inet filter "
        return closed("nftables", "sudo nft insert rule \(table)\(name) tcp dport \(port) accept")
    }

    private func open(_ name: String) -> Finding { Finding("firewall", .ok, "\(name) lets port \(port) in.") }

    private func unknown(_ what: String, _ command: String) -> Finding {
        Finding("firewall", .ok, "\(what); only root sees whether it lets port \(port) in: \(command)")
    }

    private func closed(_ name: String, _ command: String) -> Finding {
        Finding("firewall", .warning, "\(name) lets nobody in at port \(port).", remedy: command)
    }
}

extension String {
    /// What stands behind each `word`, up to the next one.
    fileprivate func components(of word: String) -> [String] {
        split(separator: word).dropFirst(hasPrefix(word) ? 0 : 1).map(String.init)
    }
}
