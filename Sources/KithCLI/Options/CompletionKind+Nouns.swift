import ArgumentParser
import KithAPI
import KithClient

extension CompletionKind {
    /// The names of the paired peers.
    static var peers: CompletionKind {
        .asking { try await $0.client.call(ListPeers()).peers.filter { $0.status != .unpaired }.map(\.name.text) }
    }

    /// Those, and the word for all workers of this node.
    static var peersAndWords: CompletionKind {
        .asking { question in
            let names = try await question.client.call(ListPeers()).peers.filter { $0.status != .unpaired }.map(
                \.name.text)
            return names.contains { $0.contains("/") } ? names + [PeerSelector.workers] : names
        }
    }

    /// The jobs of this node, or of the peer behind `--on`, running ones first.
    static var jobs: CompletionKind {
        .asking { question in
            let jobs = try await question.client.call(ListJobs(), on: question.target).jobs
            return (jobs.filter { $0.state == .running } + jobs.filter { $0.state != .running }).map(\.jobID.text)
        }
    }

    /// The running terminals of this node, or of the peer behind `--on`: by name where they have one.
    static var terminals: CompletionKind {
        .asking { question in
            try await question.client.call(ListTerminals(), on: question.target).jobs
                .filter { $0.state == .running }.map { $0.name ?? $0.jobID.text }
        }
    }

    /// The names of this node's workers.
    static var workers: CompletionKind {
        .asking { try await $0.client.call(ListWorkers()).workers.map(\.name.text) }
    }

    /// The tasks of this node, and those of others that it knows, newest first.
    static var tasks: CompletionKind {
        .asking { question in
            let request = FindTasks(beginning: question.word, limit: CompletionQuestion.most)
            return try await question.client.call(request, on: question.target).entries.map(\.id.text)
        }
    }

    /// All messages of this node, newest first.
    static var messages: CompletionKind {
        .asking { question in
            let request = ListMessages(beginning: question.word, limit: CompletionQuestion.most)
            return try await question.client.call(request).entries.map(\.id.text)
        }
    }

    /// The agents of this node.
    static var agents: CompletionKind {
        .asking { try await $0.client.call(ListAgents()).agents.map(\.agent.text) }
    }

    /// The keys of this node, or of the peer behind `--on`.
    static var keys: CompletionKind {
        .asking { question in
            let request = ListContext(prefix: question.word, limit: CompletionQuestion.most)
            return try await question.client.call(request, on: question.target).entries.map(\.key)
        }
    }

    /// The requests that wait for approval.
    static var approvals: CompletionKind {
        .asking { question in
            try await question.client.call(ListApprovals(), on: question.target).approvals.map(\.approvalID)
        }
    }
}
