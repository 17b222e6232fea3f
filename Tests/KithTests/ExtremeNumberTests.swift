import Foundation
import KithAPI
import KithTestKit
import Testing

/// Numbers at the ends of what a field can hold, in every field of every capability.
struct ExtremeNumberTests {
    private static let extremes: [JSONValue] = [
        0, -1, .integer(.max), .integer(.min), .integer(1 << 53), .integer(-1 << 53), .number(1e300),
    ]

    /// `value` with each number in it, one at a time, replaced by `extreme`.
    private static func variants(_ value: JSONValue, _ schema: Schema, _ extreme: JSONValue) -> [JSONValue] {
        switch (schema, value) {
        case (.integer, _), (.number, _): return [extreme]
        case (.array(let element), .array(let elements)):
            return elements.prefix(1).flatMap { variants($0, element, extreme) }
                .map { .array([$0] + elements.dropFirst()) }
        case (.object(let parameters), .object(let members)):
            return parameters.flatMap { parameter in
                variants(members[parameter.name] ?? .null, parameter.schema, extreme).map { variant in
                    .object(members.merging([parameter.name: variant]) { $1 })
                }
            }
        default: return []
        }
    }

    private static func questions<C: Capability>(_ type: C.Type) throws -> [[UInt8]] {
        let example = try JSON.decode(JSONValue.self, from: try JSON.encode(type.example))
        return try extremes.flatMap { try variants(example, type.schema, $0).map { try JSON.encode($0) } }
    }

    /// Asks, and listens to what does not end by itself for a moment only.
    private static func ask(
        _ capability: any Capability.Type, _ json: [UInt8], at node: MeshNode, as caller: Caller, in mesh: Mesh
    ) async {
        let dispatcher = node.daemon.dispatcher
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                switch capability.shape {
                case .call: _ = try? await dispatcher.call(capability.name, json, from: caller)
                case .feed: try? await dispatcher.feed(capability.name, json, from: caller) { _ in }
                case .pipe:
                    let (near, far) = Duplex.pair()
                    try? await near.send(Frame(.open, json))
                    try? await dispatcher.pipe(capability.name, over: far, from: caller)
                }
            }
            group.addTask { try? await mesh.pause(capability.shape == .call ? 2 : 0.05, at: node.name) }
            await group.next()
            group.cancelAll()
        }
    }

    @Test(.timeLimit(.minutes(3))) func `no number in any field of any capability ends a node`() async throws {
        try await withMesh(["laptop", "studio"], paired: true) { mesh in
            let node = mesh["studio"]
            try await mesh.register("nobody", at: "studio")
            let laptop = try #require(
                try await node.direct(ListPeers(), from: .owner).peers.first { $0.id == mesh["laptop"].id })
            let peer = Caller.peer(Peer(id: laptop.id, name: laptop.name, grants: laptop.grants))
            for capability in Catalogue.all {
                for json in try Self.questions(capability) {
                    for caller in [Caller.owner, peer] {
                        await Self.ask(capability, json, at: node, as: caller, in: mesh)
                    }
                }
            }
            #expect(try await node.direct(Ping(), from: .owner).name.text == "studio")
        }
    }
}
