import Foundation
import KithAPI
import KithExec

extension Home {
    /// The environment in which commands run.
    func environment() throws(KithError) -> ExecEnvironment {
        var environment = try ExecEnvironment.login(startedWith: ProcessInfo.processInfo.environment)
        environment.home = userHome
        environment.variables["HOME"] = userHome
        return environment
    }

    /// Folders of ours that no peer ever reads or writes, whatever its grants say of the folders above.
    var protectedFolders: [String] {
        let configuration = (folders.configuration as NSString).deletingLastPathComponent
        return Array(Set([folders.data, folders.logs, folders.runtime, configuration])).sorted()
    }
}
