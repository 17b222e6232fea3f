import KithAPI

/// The human step of pairing as a pure machine: news and typed lines in, words and answers out.
///
/// It asks one question at a time. No input any more means refusal.
struct PairingDialogue {
    /// What to do next.
    enum Action: Equatable {
        /// A sentence for the person.
        case say(String)
        /// A secret that stands alone, so that a program can take it.
        case hand(String)
        /// A question; the typed line comes back through ``receive(line:)``.
        case ask(String)
        /// To the daemon.
        case send(PairingAnswer)
    }

    private enum Question {
        case code
        case digits(Int)
        case approval
        case ownership
    }

    private let hostName: String
    private let asksForGrants: Bool
    private let approvesAlone: Bool
    private var question: Question?
    private var answer = PairingAnswer()
    private var attempts = 0
    private var peer = "the other machine"

    /// A dialogue on the machine `hostName`; `approvesAlone` where a secret or an expected id vouches.
    init(hostName: String, asksForGrants: Bool, approvesAlone: Bool) {
        self.hostName = hostName
        self.asksForGrants = asksForGrants
        self.approvesAlone = approvesAlone
    }

    /// Takes news from the daemon.
    mutating func receive(_ news: PairingNews) -> [Action] {
        if let name = news.peerName { peer = name.text + (news.peerID.map { " (id \($0.short))" } ?? "") }
        let message = news.message.map { Action.say($0.escaped) }
        switch news.kind {
        case .invited: return invitation(news)
        case .codeWanted: return [message].compactMap { $0 } + ask(.code)
        case .typeDigits: return [message].compactMap { $0 } + ask(.digits(news.digitCount ?? 6))
        case .showDigits: return [message].compactMap { $0 } + show(news.digits)
        case .waiting: return [message ?? .say("Approved here; waiting for the other side.")]
        case .notice: return [message].compactMap { $0 }
        }
    }

    /// Takes the line that was typed in answer to a question; nil when there is no more input.
    mutating func receive(line: String?) -> [Action] {
        guard let asked = question else { return [] }
        question = nil
        guard let line else { return refuse() }
        let text = line.filter { !$0.isWhitespace }
        switch asked {
        case .code: return text.isEmpty ? refuse() : send(PairingAnswer(code: text))
        case .digits(let count): return digits(text.filter { $0 != "-" }, count)
        case .approval: return Self.isYes(text) ? approve() : refuse()
        case .ownership:
            answer.preset = Self.isYes(text) ? .mine : .standard
            return send(answer)
        }
    }

    /// Where the other side should knock: an address of ours, without a port that goes without saying.
    private func place(_ news: PairingNews) -> String {
        guard let address = news.addresses?.first else { return hostName }
        return address.port == Address.defaultPort ? address.host : address.description
    }

    private func invitation(_ news: PairingNews) -> [Action] {
        let secret = news.secret ?? ""
        let time = news.secondsToLive.map { " for " + Measure.duration(seconds: ($0 + 5) / 10 * 10) } ?? ""
        guard secret.hasPrefix("kith1:") else {
            return [
                .say(
                    "Waiting\(time) for one machine. There, type:\n\n    kith pair \(place(news)) --code \(secret.escaped)\n"
                )
            ]
        }
        return [
            .say("This secret lets one machine in\(time); give it to `kith pair --accept -` there."),
            .hand(secret.escaped),
        ]
    }

    private mutating func show(_ digits: String?) -> [Action] {
        guard !approvesAlone else { return approve() }
        let shown = digits.map { Action.say("\n    \($0.escaped)\n\nType these digits on \(peer).") }
        return [shown].compactMap { $0 } + ask(.approval)
    }

    private mutating func digits(_ text: String, _ count: Int) -> [Action] {
        guard !text.isEmpty else { return refuse() }
        guard text.count == count, text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            attempts += 1
            guard attempts < 5 else { return refuse() }
            return [.say("These are not \(count) digits.")] + ask(.digits(count))
        }
        answer.code = text
        return approve()
    }

    private mutating func approve() -> [Action] {
        answer.approve = true
        return asksForGrants ? ask(.ownership) : send(answer)
    }

    private mutating func refuse() -> [Action] {
        answer = PairingAnswer()
        return [.say("Refused."), .send(PairingAnswer(approve: false))]
    }

    private mutating func send(_ finished: PairingAnswer) -> [Action] {
        answer = PairingAnswer()
        return [.send(finished)]
    }

    private mutating func ask(_ next: Question) -> [Action] {
        question = next
        switch next {
        case .code: return [.ask("The code that the other machine shows: ")]
        case .digits(let count): return [.ask("\(peer) shows \(count) digits. Type them here (nothing refuses): ")]
        case .approval: return [.ask("Is \(peer) the machine you mean? [y/N] ")]
        case .ownership: return [.ask("Is \(peer) another machine of yours, which may do everything here? [y/N] ")]
        }
    }

    private static func isYes(_ text: String) -> Bool { ["y", "yes"].contains(text.lowercased()) }
}
