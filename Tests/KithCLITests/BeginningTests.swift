import KithAPI
import Testing

@testable import KithCLI

/// Ids that people shorten.
struct BeginningTests {
    private let jobs = ["jaaa": "make", "jaab": "sleep\u{1b} 100", "jbbb": "top"]
        .map { Beginning.Candidate(id: $0.key, about: $0.value) }.sorted { $0.id < $1.id }

    private func find(_ text: String) throws(KithError) -> String {
        try Beginning(text: text, noun: "job", list: "See `kith jobs --all`.").only(of: jobs)
    }

    @Test(arguments: [("jb", "jbbb"), ("jaaa", "jaaa"), ("jaab", "jaab")])
    func `the only one that begins so is meant`(text: String, id: String) throws {
        #expect(try find(text) == id)
    }

    @Test func `several that begin alike are listed, with what people know them by`() throws {
        let error = try #require(throws: KithError.self) { try find("ja") }

        #expect(error.code == .conflict && error.details == ["candidates": "jaaa jaab"])
        #expect(
            Failure(error).text == """
                kith: Several jobs begin with `ja`. Give more of the id:
                  jaaa  make
                  jaab  sleep\\x1b 100
                """)
    }

    @Test(arguments: ["jx", ""])
    func `one that there is not says how to see what there is`(text: String) throws {
        let error = try #require(throws: KithError.self) { try find(text) }

        #expect(error.code == .notFound && error.hint == "See `kith jobs --all`.")
    }

    @Test func `the same one found twice is one`() throws {
        let twice = Array(repeating: Beginning.Candidate(id: "jaaa", about: ""), count: 2)

        #expect(try Beginning(text: "ja", noun: "job", list: "").only(of: twice) == "jaaa")
    }

    @Test func `letters of an id may be typed large`() {
        #expect(MessageWord(argument: "01A2").text == "01a2")
        #expect(TaskWord(argument: "TT3Y").text == "tt3y")
    }

    @Test(arguments: [(["abcd", "abxx", "b"], 3), (["a"], 2), ([], 2), (["abcd", "abcd"], 2)])
    func `ids are shown as long as tells them apart`(ids: [String], length: Int) {
        #expect(Beginning.length(of: ids, atLeast: 2) == length)
    }
}
