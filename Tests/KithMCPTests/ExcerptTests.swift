import Testing

@testable import KithMCP

struct ExcerptTests {
    @Test(arguments: 1...9)
    func `pieces put together are the whole, whatever their size`(limit: Int) {
        let whole = "aä€😀 ende"
        var (text, offset) = ("", Int?.some(0))
        while let start = offset {
            let piece = Excerpt(whole, from: start, limit: max(limit, 4))
            text += piece.text
            offset = piece.next
        }
        #expect(text == whole)
    }

    @Test func `a place in the middle of a character is taken for its beginning`() {
        #expect(Excerpt("ä", from: 1, limit: 10) == Excerpt("ä", from: 0, limit: 10))
        #expect(Excerpt("ä", from: 9, limit: 10).text.isEmpty)
    }
}
