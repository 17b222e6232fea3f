import Testing

@testable import KithKeeper

@Suite struct ChildLifeTests {
    private func actions(_ events: ChildLife.Event...) -> [[ChildLife.Action]] {
        var life = ChildLife()
        return events.map { life.receive($0) }
    }

    @Test func `a process that closes its pipes and ends is reaped`() {
        #expect(actions(.outputsEnded, .leaderExited) == [[], [.finish]])
    }

    @Test func `output that comes after the end is waited for`() {
        #expect(actions(.leaderExited, .outputsEnded) == [[.startLinger], [.finish]])
    }

    @Test func `who holds a pipe is waited for once`() {
        #expect(actions(.leaderExited, .lingerElapsed) == [[.startLinger], [.closeOutputs, .finish]])
    }

    @Test func `an end is TERM and then KILL, and the leader is reaped after the group is empty`() {
        #expect(
            actions(.endRequested, .outputsEnded, .graceElapsed, .leaderExited, .groupEmptied) == [
                [.terminateGroup, .startGrace], [], [.killGroup], [.watchGroup, .startLinger], [.finish],
            ])
    }

    @Test func `a group that outlives its leader is killed`() {
        #expect(
            actions(.endRequested, .leaderExited, .graceElapsed, .outputsEnded, .groupEmptied) == [
                [.terminateGroup, .startGrace], [.watchGroup], [.killGroup, .startLinger], [], [.finish],
            ])
    }

    @Test func `a group that obeys TERM is not killed`() {
        #expect(
            actions(.endRequested, .leaderExited, .outputsEnded, .groupEmptied, .graceElapsed) == [
                [.terminateGroup, .startGrace], [.watchGroup], [], [.finish], [],
            ])
    }

    @Test func `an end asked while someone holds a pipe ends the group as well`() {
        #expect(
            actions(.leaderExited, .endRequested, .groupEmptied, .outputsEnded) == [
                [.startLinger], [.terminateGroup, .startGrace, .watchGroup], [], [.finish],
            ])
    }

    @Test func `nothing is done twice or after the end`() {
        #expect(
            actions(
                .endRequested, .endRequested, .leaderExited, .groupEmptied, .lingerElapsed, .endRequested, .graceElapsed
            ) == [
                [.terminateGroup, .startGrace], [], [.watchGroup], [.startLinger], [.closeOutputs, .finish], [], [],
            ])
    }
}
