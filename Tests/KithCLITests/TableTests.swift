import Testing

@testable import KithCLI

/// Columns that stand under each other, whatever stands in them.
struct TableTests {
    private func table(_ names: String...) -> Table {
        var table = Table("JOB", "BY", "COMMAND", cutting: ["COMMAND", "BY"])
        for name in names { table.add("jmbswy3dpeblw", name, "make -j8 all the targets there are") }
        return table
    }

    @Test func `wide letters and marks take the columns that a terminal gives them`() {
        var table = Table("NAME", "STATE")
        table.add("工作室", "online")
        table.add("e\u{301}te\u{301}", "offline")
        table.add("x\u{1b}", "away")

        #expect(
            table.text(within: 80) == """
                NAME    STATE
                工作室  online
                e\u{301}te\u{301}     offline
                x\\x1b   away
                """)
    }

    @Test func `what nobody has to type is cut to the terminal, the first column that may be first`() {
        #expect(
            table("owner").text(within: 40) == """
                JOB            BY     COMMAND
                jmbswy3dpeblw  owner  make -j8 all the …
                """)
        #expect(
            table("studio/worker-17").text(within: 36) == """
                JOB            BY           COMMAND
                jmbswy3dpeblw  studio/wor…  make -j…
                """)
    }

    @Test func `an id is never cut, however narrow the terminal`() {
        #expect(table("owner").text(within: 10).contains("jmbswy3dpeblw  owner  make -j…"))
    }

    @Test func `where no terminal is, everything stands there`() {
        #expect(table("studio/worker-17").text.hasSuffix("studio/worker-17  make -j8 all the targets there are"))
    }
}
