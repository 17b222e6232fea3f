/// A named question with a typed answer: the unit of everything that Kith can be asked.
///
/// The route, the client call, the grant check, the OpenAPI operation and `kith call` follow from
/// the declaration. A capability is one of three shapes: ``Call``, ``Feed`` or ``Pipe``.
public protocol Capability: Described, Equatable {
    /// The dotted name, `noun.verb`, for example `context.set`. It never changes once published.
    static var name: String { get }
    /// One sentence that says what it does, for people and for agents.
    static var summary: String { get }
    /// What a peer must hold to ask. ``Grant/owner`` is never held by a peer.
    static var grant: Grant { get }
    /// Whether it changes nothing; such a call is also served on `GET`.
    static var isReadOnly: Bool { get }
    /// A realistic request, used by documentation, golden files and the universal tests.
    static var example: Self { get }
    /// Which of the three shapes it has.
    static var shape: CapabilityShape { get }
    /// The JSON Schema of the answer: of the reply, or of one element of a feed.
    static var replySchema: Schema { get }
    /// What this request is done to (a command line, a path, a key), for the audit log.
    var object: String? { get }
}

/// The three ways of answering.
public enum CapabilityShape: String, Codable, Sendable {
    /// One question, one JSON answer.
    case call
    /// One question, many JSON values, one per line.
    case feed
    /// A JSON opening, then frames in both directions.
    case pipe
}

/// One question, one answer.
public protocol Call: Capability {
    /// What comes back.
    associatedtype Reply: Codable & Sendable & ParameterValue
}

/// One question, many answers, each a JSON value on its own line (`application/x-ndjson`).
public protocol Feed: Capability {
    /// One line of the answer.
    associatedtype Element: Codable & Sendable & ParameterValue
}

/// A JSON opening, then ``Frame``s in both directions until each side has sent its end.
public protocol Pipe: Capability {
    /// What the answering side says in its last frame.
    associatedtype End: Codable & Sendable & ParameterValue
}

extension Capability {
    /// Most capabilities change something.
    public static var isReadOnly: Bool { false }

    /// Many requests are about the node itself.
    public var object: String? { nil }

    /// The path on both doors: `context.set` is asked at `/v1/context/set`.
    public static var path: String {
        "/v1/" + name.split(separator: ".").joined(separator: "/")
    }
}

extension Call {
    public static var shape: CapabilityShape { .call }
    public static var replySchema: Schema { Reply.schema }
}

extension Feed {
    public static var shape: CapabilityShape { .feed }
    public static var replySchema: Schema { Element.schema }
}

extension Pipe {
    public static var shape: CapabilityShape { .pipe }
    public static var replySchema: Schema { End.schema }
}
