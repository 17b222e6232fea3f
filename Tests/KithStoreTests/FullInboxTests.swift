import GRDB
import KithAPI
import Testing

@testable import KithStore

/// Line 4 of the acceptance: what an agent has in its inbox, or how many got the same message, changes nothing about
/// how long a page or an acknowledgement takes. `scripts/bench store` has the times; this is why they are so.
@Suite struct FullInboxTests {
    /// How the database goes about a question: every table by an index, nothing looked through or sorted.
    private func plan(_ store: Store, _ sql: String, _ arguments: StatementArguments) async throws -> [String] {
        try await store.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments).map { $0["detail"] }
        }
    }

    private func isByIndex(_ step: String) -> Bool { step.hasPrefix("SEARCH") && step.contains(" USING ") }

    @Test(arguments: [false, true])
    func `4 a page of an inbox is found by an index, however much lies there`(isFreshOnly: Bool) async throws {
        try await Fleet.with { fleet in
            var query = InboxQuery(agent: .main)
            query.isFreshOnly = isFreshOnly
            let arguments = MessageTable.arguments(query, Moment(fleet.clock.now()))

            let steps = try await plan(fleet.laptop.store, MessageTable.sql(query), arguments)

            #expect(steps.allSatisfy(isByIndex), "\(steps)")
            #expect(steps.first?.contains(isFreshOnly ? "deliveryFresh" : "deliveryInbox") == true, "\(steps)")
        }
    }

    @Test func `4 a delivery is marked by an index, however many got the message`() async throws {
        try await Fleet.with { fleet in
            let sql = MessageTable.sql(deliveriesWith: MessageTable.isHere)

            let steps = try await plan(fleet.laptop.store, sql, [1, "main"])

            #expect(steps.allSatisfy(isByIndex), "\(steps)")
        }
    }
}
