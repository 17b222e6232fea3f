extension ToolTable {
    static let jobs: [Tool] = Execution.keepsJobs ? [Execution.tool, JobTool.tool] : [Execution.tool]
}
