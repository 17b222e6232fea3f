extension ToolTable {
    static let jobs: [Tool] = [Execution.tool, JobTool.tool]
}
