import KithAPI
import Testing

@testable import KithDiscovery

struct TXTRecordTests {
    @Test func `an advert survives the way through its record`() throws {
        for isPairing in [false, true] {
            let advert = try Sample.advert(1, name: "studio.lan", port: 7001, isPairing: isPairing)
            #expect(TXTRecord(advert).advert(port: 7001) == advert)
        }
    }

    @Test func `the record says what the page promises`() throws {
        let id = try Sample.id(1)
        let advert = try #require(
            Advert(name: PeerName(nearest: "studio"), id: id, port: 1, protocols: 1...3, isPairing: true))
        let strings = TXTRecord(advert).strings.map { String(decoding: $0, as: UTF8.self) }
        #expect(strings == ["v=1-3", "id=\(id.text)", "name=studio", "pairing"])
    }

    @Test func `the longest advert is far below the limit`() throws {
        let name = try #require(PeerName(String(repeating: "n", count: 63)))
        let advert = try #require(
            Advert(name: name, id: Sample.id(1), port: 65_535, protocols: 1...9_999, isPairing: true))
        #expect(TXTRecord(advert).byteCount < TXTRecord.byteLimit / 2)
        #expect(TXTRecord(advert).advert(port: 65_535) == advert)
    }

    @Test func `what cannot be announced is no advert`() throws {
        let name = PeerName(nearest: "studio")
        let id = try Sample.id(1)
        #expect(Advert(name: name, id: id, port: 0, protocols: 1...1) == nil)
        #expect(Advert(name: name, id: id, port: 65_536, protocols: 1...1) == nil)
        #expect(Advert(name: name, id: id, port: 1, protocols: 0...1) == nil)
        #expect(Advert(name: name, id: id, port: 1, protocols: 1...10_000) == nil)
    }

    @Test(arguments: [
        ["id=ID", "name=studio"],
        ["v=1", "name=studio"],
        ["v=1", "id=ID"],
        ["v=", "id=ID", "name=studio"],
        ["v=0", "id=ID", "name=studio"],
        ["v=2-1", "id=ID", "name=studio"],
        ["v=1-2-3", "id=ID", "name=studio"],
        ["v=-1", "id=ID", "name=studio"],
        ["v=+1", "id=ID", "name=studio"],
        ["v=99999", "id=ID", "name=studio"],
        ["v=1", "id=ID=", "name=studio"],
        ["v=1", "id=abc", "name=studio"],
        ["v=1", "id=ID", "name="],
        ["v=1", "id=ID", "name=../../etc"],
        ["v=1", "id=ID", "name=\u{1B}[2Jstudio"],
        ["v=1", "id=ID", "name=-rf"],
        ["v", "id", "name"],
        [],
    ])
    func `a record that is wrong in one thing is dropped`(lines: [String]) throws {
        let id = try Sample.id(1).text
        let filled = lines.map { $0.hasPrefix("id=ID") ? "id=" + id + $0.dropFirst(5) : $0 }
        #expect(TXTRecord(strings: filled.map { Array($0.utf8) }).advert(port: 1) == nil)
    }

    @Test func `an identity in another spelling is dropped`() throws {
        let id = try Sample.id(1)
        for spelling in [id.text.uppercased(), id.checkedGroups] {
            let record = TXTRecord(strings: ["v=1", "id=\(spelling)", "name=a"].map { Array($0.utf8) })
            #expect(record.advert(port: 1) == nil)
        }
    }

    @Test func `unknown keys are left alone and of a repeated key the first counts`() throws {
        let advert = try Sample.advert(1)
        let more = ["name=other", "V=7", "later=thing", "=", ""].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x3D]]
        #expect(TXTRecord(strings: TXTRecord(advert).strings + more).advert(port: 5484) == advert)
    }

    @Test func `a record above the limit is dropped`() throws {
        let record = TXTRecord(try Sample.advert(1))
        let room = TXTRecord.byteLimit - record.byteCount - 1
        let fitting = TXTRecord(strings: record.strings + [Array(repeating: 120, count: room)])
        let tooLarge = TXTRecord(strings: record.strings + [Array(repeating: 120, count: room + 1)])
        #expect(fitting.advert(port: 1) != nil)
        #expect(tooLarge.advert(port: 1) == nil)
    }

    @Test func `10,000 mutated records are read or dropped, and what is read is within the limits`() throws {
        var random = SeededGenerator(seed: 5484)
        let good = TXTRecord(try Sample.advert(1, isPairing: true))
        for _ in 0..<10_000 {
            let record = Self.mutated(good, using: &random)
            guard let advert = record.advert(port: Int.random(in: -1...70_000, using: &random)) else { continue }
            #expect((1...65_535).contains(advert.port))
            #expect((1...63).contains(advert.name.text.utf8.count))
            #expect(TXTRecord(advert).advert(port: advert.port) == advert)
        }
    }

    private static func mutated(_ record: TXTRecord, using random: inout SeededGenerator) -> TXTRecord {
        var strings = record.strings
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0...strings.count, using: &random)
            guard index < strings.count else {
                let length = Int.random(in: 0...300, using: &random)
                strings.append((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
                continue
            }
            let place = Int.random(in: 0...strings[index].count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: strings[index].insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1: strings[index] = Array(strings[index].prefix(place))
            case 2: strings.swapAt(index, 0)
            case 3: strings.append(strings[index])
            default:
                if place < strings[index].count {
                    strings[index][place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            }
        }
        return TXTRecord(strings: strings)
    }
}
