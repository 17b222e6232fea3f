import KithAPI

extension ToolTable {
    static let files: [Tool] = [FileTransfer.tool, FileListing.tool]
}
