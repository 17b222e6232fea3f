/// Every error that Kith can answer with. Programs decide by these words and by nothing else.
public enum ErrorCode: String, ParameterChoice {
    case requestInvalid = "request.invalid"
    case requestTooLarge = "request.too_large"
    case capabilityUnknown = "capability.unknown"
    case denied = "denied"
    case notFound = "not_found"
    case conflict = "conflict"
    case limited = "limited"
    case timedOut = "timed_out"
    case cancelled = "cancelled"
    case unavailable = "unavailable"
    case internalError = "internal"
    case protocolViolation = "protocol"
    case protocolVersion = "protocol.version"
    case configInvalid = "config.invalid"
    case daemonNotRunning = "daemon.not_running"
    case daemonRunning = "daemon.running"
    case peerUnknown = "peer.unknown"
    case peerAmbiguous = "peer.ambiguous"
    case peerOffline = "peer.offline"
    case peerNotPaired = "peer.not_paired"
    case peerIdentityChanged = "peer.identity_changed"
    case linkLost = "link.lost"
    case pairingClosed = "pairing.closed"
    case pairingRefused = "pairing.refused"
    case pairingCodeWrong = "pairing.code_wrong"
    case pairingMismatch = "pairing.mismatch"
    case pairingBusy = "pairing.busy"
    case execNotFound = "exec.not_found"
    case execFailed = "exec.failed"
    case approvalRefused = "approval.refused"
    case jobLost = "job.lost"
    case fileExists = "file.exists"
    case fileIsFolder = "file.is_folder"
    case fileNotFolder = "file.not_folder"
    case filePermission = "file.permission"
    case fileNoSpace = "file.no_space"
    case fileChecksum = "file.checksum"
    case fileIO = "file.io"
    case contextVersion = "context.version"
    case agentUnknown = "agent.unknown"
    case agentAmbiguous = "agent.ambiguous"
    case taskHeld = "task.held"
    case taskStale = "task.stale"
    case storeDamaged = "store.damaged"

    /// The status of an HTTP answer that carries this error.
    public var httpStatus: Int {
        switch self {
        case .requestInvalid, .configInvalid, .protocolViolation: 400
        case .denied, .filePermission, .approvalRefused: 403
        case .notFound, .capabilityUnknown, .peerUnknown, .execNotFound, .agentUnknown: 404
        case .timedOut: 408
        case .conflict, .peerAmbiguous, .fileExists, .fileIsFolder, .fileNotFolder, .contextVersion,
            .daemonRunning, .peerIdentityChanged, .agentAmbiguous, .taskHeld, .taskStale:
            409
        case .requestTooLarge: 413
        case .protocolVersion: 426
        case .limited, .pairingBusy: 429
        case .fileNoSpace: 507
        case .internalError, .fileIO, .fileChecksum, .storeDamaged, .execFailed, .cancelled, .jobLost: 500
        case .peerOffline, .peerNotPaired, .linkLost: 502
        default: 503
        }
    }

    /// The exit code of a command that fails with this error (sysexits.h, 124 as timeout(1), 255 as ssh(1)).
    public var exitCode: Int32 {
        switch self {
        case .requestInvalid, .capabilityUnknown, .peerAmbiguous, .agentAmbiguous: 64
        case .configInvalid: 78
        case .fileChecksum, .storeDamaged: 65
        case .peerUnknown, .agentUnknown: 68
        case .peerOffline, .peerNotPaired, .unavailable, .daemonNotRunning, .pairingClosed: 69
        case .internalError: 70
        case .fileExists, .fileIsFolder, .fileNotFolder, .fileNoSpace: 73
        case .fileIO: 74
        case .limited, .pairingBusy, .daemonRunning: 75
        case .protocolViolation, .protocolVersion: 76
        case .denied, .filePermission, .approvalRefused, .peerIdentityChanged, .pairingRefused, .pairingCodeWrong,
            .pairingMismatch:
            77
        case .timedOut: 124
        case .execFailed: 126
        case .execNotFound: 127
        case .cancelled: 130
        case .linkLost, .jobLost: 255
        default: 1
        }
    }
}
