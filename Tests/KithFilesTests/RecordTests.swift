import KithAPI
import Testing

@testable import KithFiles

@Suite struct RecordTests {
    private static let source: [SourceRecord] = [
        .entry(.of("a/b", size: 1 << 53, mode: 0o4755)), .entry(.of("l", .symlink, target: "../x")),
        .unreadable(path: [0xFF], KithError(.denied, "no", hint: "yes")), .proof(7, digest: noise(32, seed: 1)),
        .blocks(1, hashes: noise(64, seed: 2), isLast: true), .small(300, digest: noise(32, seed: 3), content: [1, 2]),
        .begin(0), .hole(ByteCount.longestHole), .finish(digest: noise(32, seed: 4)),
        .lost(9, KithError(.fileIO, "gone")), .total(5),
        .over,
    ]
    private static let sink: [SinkRecord] = [
        .want(1, blocks: [3, 70_000], from: 12), .askProof(2), .askBlocks(3, length: 4), .drop(5, isUnchanged: true),
        .kept(1 << 40), .verdict(EntryVerdict([0x2F, 0xFF], .placed, size: 3, digest: noise(32, seed: 5))),
        .verdict(EntryVerdict([0x2F], failed: KithError(.fileIO, "no"))),
        .summary(TransferSummary(entries: 1, bytes: 2, sentBytes: 3, unchanged: 4, failures: 5)),
    ]

    @Test func `what is written is read again`() throws {
        var frame = RecordWriter()
        for record in Self.source { record.write(to: &frame) }
        #expect(try Frame(.extra, frame.bytes).sourceRecords == Self.source)
        #expect(try SinkRecord.all(in: .said(Self.sink)) == Self.sink)
    }

    @Test func `numbers of any size are read again`() throws {
        let numbers = [0, 1, -1, 63, 64, -64, -65, 1 << 31, .max, .min, -1_000_000_000_000_000_000]
        var writer = RecordWriter()
        for number in numbers { writer.put(number) }
        var reader = RecordReader(writer.bytes)
        for number in numbers { #expect(try reader.number() == number) }
        #expect(reader.isAtEnd)
    }

    @Test func `whatever the bytes are, they are read or refused`() {
        var generator = Seeded(seed: 7)
        let seeds = [Frame.said(Self.sink).payload] + Self.source.map { Frame.records($0).payload }
        for _ in 0..<10_000 {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: .min ... .max, using: &generator)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            _ = try? Frame(.extra, bytes).sourceRecords
            _ = try? SinkRecord.all(in: Frame(.extra, bytes))
        }
    }

    @Test(arguments: [
        ("*", "a", true), ("*", ".a", false), (".*", ".a", true), ("a*c*e", "abcde", true), ("a*c*e", "abcd", false),
        ("?", "é", true), ("??", "é", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[]a]", "]", true),
        ("[a", "[a", true), ("\\*", "*", true), ("\\*", "a", false), ("", "", true), ("*", "", true),
        ("a**b", "ab", true), ("*.tar.gz", "x.tar.gz", true), ("[^a]", "b", true), ("日?", "日本", true),
    ])
    func `a pattern means what a shell means by it`(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(GlobPattern(pattern.utf8).matches(Array(name.utf8)) == matches)
    }
}
