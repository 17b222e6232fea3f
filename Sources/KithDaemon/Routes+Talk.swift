import KithAPI
import KithWire

extension Routes {
    /// Who answers what about agents, messages, tasks and shared values, a line each.
    mutating func addTalk(_ parts: Parts) {
        let talk = parts.talk
        on(WatchContext.self) { try await parts.store.context.watch($0, from: $1, write: $2) }
        on(GetContextHistory.self) { try await parts.store.context.history($0, from: $1) }
        on(BroadcastContext.self) { try await talk.context.broadcast($0, from: $1) }
        on(RegisterAgent.self) { try await talk.agents.register($0, from: $1) }
        on(HoldAgent.self) { try await talk.agents.hold($0, from: $1, write: $2) }
        on(ListAgents.self) { try await talk.agents.list($0, from: $1) }
        on(GetAgent.self) { try await talk.agents.status($0, from: $1) }
        addMessages(talk.messages)
        addTasks(talk.tasks)
    }

    private mutating func addMessages(_ messages: MessageService) {
        on(SendMessage.self) { try await messages.send($0, from: $1) }
        on(ReadInbox.self) { try await messages.inbox($0, from: $1) }
        on(WaitForMessage.self) { try await messages.wait($0, from: $1) }
        on(WatchInbox.self) { try await messages.watch($0, from: $1, write: $2) }
        on(SeeMessages.self) { try await messages.see($0, from: $1) }
        on(AckMessages.self) { try await messages.ack($0, from: $1) }
        on(NackMessages.self) { try await messages.nack($0, from: $1) }
        on(ReadThread.self) { try await messages.thread($0, from: $1) }
        on(ListMessages.self) { try await messages.list($0, from: $1) }
        on(GetMessage.self) { try await messages.status($0, from: $1) }
        on(SetMessagePolicy.self) { request, _ in try await messages.policy(request) }
        on(ReleaseMessages.self) { request, _ in try await messages.release(request) }
        on(DeliverMessages.self) { try await messages.deliver($0, from: $1) }
        on(ReturnReceipts.self) { try await messages.take($0, from: $1) }
        on(StoreBlob.self) { try await messages.blob($0, from: $1) }
    }

    private mutating func addTasks(_ tasks: TaskService) {
        on(PostTask.self) { try await tasks.post($0, from: $1) }
        on(ClaimTask.self) { try await tasks.claim($0, from: $1) }
        on(NextTask.self) { try await tasks.next($0, from: $1) }
        on(RenewTask.self) { try await tasks.renew($0, from: $1) }
        on(UpdateTask.self) { try await tasks.update($0, from: $1) }
        on(CompleteTask.self) { try await tasks.complete($0, from: $1) }
        on(FailTask.self) { try await tasks.fail($0, from: $1) }
        on(ReleaseTask.self) { try await tasks.release($0, from: $1) }
        on(CancelTask.self) { try await tasks.cancel($0, from: $1) }
        on(ListTasks.self) { request, _ in try await tasks.list(request) }
        on(FindTasks.self) { try await tasks.find($0, from: $1) }
        on(ShowTask.self) { try await tasks.show($0, from: $1) }
        on(AdoptTask.self) { request, _ in try await tasks.adopt(request) }
        on(FollowTasks.self) { request, _, write in try await tasks.follow(request, write: write) }
    }
}
