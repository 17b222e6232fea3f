import ArgumentParser
import KithAPI
import KithClient
import Testing

@testable import KithCLI

struct ColonFormTests {
    @Test(arguments: [
        ["studio:foo", "."], ["studio:", "."], ["studio", "studio:foo"], ["studio", "foo", "studio:"],
    ])
    func `what is fetched in the form of scp is refused with Kith's own form`(words: [String]) {
        let error = #expect(throws: ValidationError.self) {
            try ColonForm.check(pulling: Array(words.dropFirst()), from: words[0])
        }
        #expect(error?.message.contains("kith pull studio ") == true)
    }

    @Test(arguments: [["x", "studio:"], ["x", "y", "studio:"], ["studio", "x", "studio:in/"], ["studio:", "x"]])
    func `what is sent in the form of scp is refused with Kith's own form`(words: [String]) {
        let error = #expect(throws: ValidationError.self) {
            try ColonForm.check(sending: Array(words.dropFirst()), to: words[0])
        }
        #expect(error?.message.contains("kith send studio x") == true)
    }

    @Test(arguments: [
        ["studio", "x", "inbox/"], ["studio:5484", "x", "y"], ["studio", "a:b", "c:d"], ["fe80::1", "x", "y"],
    ])
    func `addresses, and names with a colon, are as they are`(words: [String]) throws {
        try ColonForm.check(sending: Array(words.dropFirst()), to: words[0])
        try ColonForm.check(pulling: Array(words.dropFirst()), from: words[0])
    }

    @Test func `what another node says names that node in its hints`() {
        let error = KithError(
            .notFound, "There is no job.", hint: "See `kith jobs --all`; a job of a peer is named with `--on PEER`.")
        #expect(error.told(by: .peer("studio")).hint == "See `kith jobs --all --on studio`.")
        #expect(error.told(by: .local) == error)
    }
}
