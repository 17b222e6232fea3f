/// Everything that can be asked. With `Routes` in the daemon and the command groups in the CLI, this
/// is the program's table of contents.
public enum Catalogue {
    /// Every capability, by noun.
    public static let all: [any Capability.Type] = [
        Ping.self, GetStatus.self, WatchNode.self, GetBuild.self, ReloadNode.self, StopNode.self, Diagnose.self,
        MendNode.self,
        ListPeers.self, WatchPeers.self, GetPeer.self, AddPeer.self, RemovePeer.self, RenamePeer.self, GrantPeer.self,
        ExplainGrant.self,
        InvitePeer.self, JoinPeer.self,
        RunCommand.self, StreamCommand.self, StartCommand.self,
        ListJobs.self, GetJob.self, WaitForJob.self, ReadJobOutput.self, FollowJob.self, AttachJob.self,
        SignalJob.self, WriteToJob.self,
        OpenTerminal.self, AttachTerminal.self, ListTerminals.self, EndTerminal.self,
        ListApprovals.self, DecideApproval.self, FollowApprovals.self,
        ListFiles.self, StatFile.self, PutFiles.self, GetFiles.self, WriteFile.self, ReadFile.self,
        SendFiles.self, PullFiles.self,
        SetContext.self, GetContext.self, ListContext.self, DeleteContext.self,
        WatchContext.self, GetContextHistory.self, BroadcastContext.self,
        RegisterAgent.self, HoldAgent.self, ListAgents.self, GetAgent.self,
        SendMessage.self, ReadInbox.self, WaitForMessage.self, WatchInbox.self, SeeMessages.self,
        AckMessages.self, NackMessages.self,
        ReadThread.self, ListMessages.self, GetMessage.self, SetMessagePolicy.self, ReleaseMessages.self,
        DeliverMessages.self, ReturnReceipts.self, StoreBlob.self,
        PostTask.self, ClaimTask.self, NextTask.self, RenewTask.self, UpdateTask.self, CompleteTask.self,
        FailTask.self, ReleaseTask.self, CancelTask.self, ListTasks.self, FindTasks.self, ShowTask.self, AdoptTask.self,
        FollowTasks.self,
        StartWorkers.self, StopWorkers.self, RemoveWorkers.self, ListWorkers.self, GetWorker.self, FollowVouchers.self,
        FollowAudit.self, VerifyAudit.self,
    ]

    /// The capability with this dotted name.
    public static func find(_ name: String) -> (any Capability.Type)? {
        all.first { $0.name == name }
    }
}

/// The version of this build.
public enum Version {
    /// As `kith --version` prints it.
    public static let text = "0.1.0"
    /// The protocol versions this build speaks between nodes.
    public static let protocols = 1...1
}
