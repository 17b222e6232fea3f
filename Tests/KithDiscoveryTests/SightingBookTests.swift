import KithAPI
import Testing

@testable import KithDiscovery

struct SightingBookTests {
    @Test func `a full book refuses strangers and finds room for a paired peer`() throws {
        var book = SightingBook()
        for number in 0..<RosterPolicy.sightingLimit {
            let sighting = try Sample.sighting(1_000 + number, instance: "stranger \(number)", at: "192.0.2.1:1")
            #expect(book.add(sighting, isPaired: { _ in false }) == [])
        }
        let friend = try Sample.sighting(1, instance: "studio", at: "192.0.2.7:5484")
        let oldest = try Sample.sighting(1_000, instance: "stranger 0", at: "192.0.2.1:1")
        #expect(book.add(friend, isPaired: { _ in false }) == nil)
        #expect(book.add(friend, isPaired: { $0 == friend.advert.id }) == [oldest])
        #expect(book.sightings.count == RosterPolicy.sightingLimit)
        #expect(book.sightings.first == friend)
    }

    @Test func `one identity holds sixteen places, the newest`() throws {
        var book = SightingBook()
        for number in 0..<100 {
            _ = book.add(try Sample.sighting(1, instance: "n\(number)", at: "192.0.2.1:1"), isPaired: { _ in true })
        }
        #expect(book.sightings(of: try Sample.id(1)).map(\.key.instance) == (84..<100).reversed().map { "n\($0)" })
    }

    @Test func `an instance that changes its identity stands under the new one alone`() throws {
        var book = SightingBook()
        _ = book.add(try Sample.sighting(1, instance: "studio", at: "192.0.2.1:1"), isPaired: { _ in false })
        let changed = try Sample.sighting(2, instance: "studio", at: "192.0.2.1:1")
        #expect(book.add(changed, isPaired: { _ in false }) == [])
        #expect(book.sightings == [changed])
        #expect(book.ids == [try Sample.id(2)])
    }

    @Test func `what is removed is given back once`() throws {
        var book = SightingBook()
        let sighting = try Sample.sighting(1, instance: "studio", at: "192.0.2.1:1")
        _ = book.add(sighting, isPaired: { _ in false })
        #expect(book.remove(sighting.key) == sighting)
        #expect(book.remove(sighting.key) == nil)
        #expect(book.sightings == [])
    }
}
