import Foundation
import KithAPI
import Testing

/// What must hold for every capability, whatever it does.
struct CapabilityTests {
    @Test func `names are unique, dotted and lower case`() {
        let names = Catalogue.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for name in names { #expect(name.wholeMatch(of: /[a-z]+\.[a-z]+/) != nil, "\(name)") }
    }

    @Test func `every example survives JSON`() throws {
        for capability in Catalogue.all { try survives(capability) }
    }

    @Test func `every coded field is described, and nothing else is`() throws {
        for capability in Catalogue.all {
            let coded = try JSONGuard.keys(of: JSON.encode(capability.example))
            #expect(coded.isSubset(of: capability.parameters.map(\.name)), "\(capability.name)")
        }
    }

    @Test func `a request without its required fields is refused by name`() {
        for capability in Catalogue.all {
            guard let required = capability.parameters.first(where: \.isRequired) else { continue }
            let error = #expect(throws: KithError.self) { try JSON.decode(capability, from: Array("{}".utf8)) }
            #expect(error?.code == .requestInvalid)
            #expect(
                error?.message.contains("`\(required.name)`") == true, "\(capability.name): \(error?.message ?? "")")
        }
    }

    /// Jobs are what `exec` makes: who may start one may look at it.
    @Test func `what only reads is never guarded by a writing grant, but for the jobs of who may start them`() {
        for capability in Catalogue.all where capability.isReadOnly && !capability.name.hasPrefix("job.") {
            #expect(![.contextWrite, .filesWrite, .exec].contains(capability.grant), "\(capability.name)")
        }
    }

    @Test func `the description of every capability is golden`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = String(decoding: try encoder.encode(OpenAPI.document), as: UTF8.self) + "\n"
        try Golden("openapi.json").expect(document)
    }

    @Test func `the wire form of every example is golden`() throws {
        let lines = try Catalogue.all.map {
            "\($0.path) \(String(decoding: try JSON.encode($0.example), as: UTF8.self))"
        }
        try Golden("examples.txt").expect(lines.sorted().joined(separator: "\n") + "\n")
    }

    private func survives<C: Capability>(_ type: C.Type) throws {
        #expect(try JSON.decode(C.self, from: JSON.encode(C.example)) == C.example)
    }
}

/// A file beside the tests that others depend on; `KITH_RECORD=1` writes it anew.
struct Golden {
    private let file: URL

    init(_ name: String) {
        file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
    }

    func expect(_ text: String) throws {
        if ProcessInfo.processInfo.environment["KITH_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        #expect(
            try String(contentsOf: file, encoding: .utf8) == text, "\(file.lastPathComponent) differs; see KITH_RECORD")
    }
}
