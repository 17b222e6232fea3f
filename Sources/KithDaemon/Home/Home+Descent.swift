import FoundationEssentials
import KithAPI
import KithTrust
import KithWorkers

/// What a worker has of its parent, by reference: read anew at each start and each reload.
extension Home {
    /// The parent's configuration as it is for one of its workers: another name, another port, bound where the parent
    /// is bound now and nowhere else, not announced, and no door of the parent's own kind.
    func inherited(_ configuration: Configuration, by descent: Descent) throws(KithError) -> Configuration {
        let parent = try parent(of: descent).parent
        var own = configuration
        own.name = PeerName(descent.name, of: parent.name)
        (own.listenHost, own.listenPort, own.announcedPort) = (parent.host, 0, nil)
        (own.discovery, own.mcpPort) = (false, nil)
        return own
    }

    /// Whom a worker trusts from birth: its parent, its parent's peers, and its siblings by their vouchers.
    ///
    /// Blocks on the disk.
    func readHousehold(of descent: Descent) throws(KithError) -> (Household, siblings: [WorkerVoucher]) {
        let (parent, record) = try parent(of: descent)
        guard let der = Data(base64Encoded: parent.certificate) else {
            throw KithError(.storeDamaged, "The parent's certificate cannot be read.", hint: "Restart the parent.")
        }
        var household = try Household.of(
            Certificate(der: Array(der)), name: parent.name, at: parent.address,
            identityFolder: descent.data + "/identity")
        household.resting = record.resting.filter { $0 != descent.name }
        return (household, record.vouchers.filter { $0.name != descent.name })
    }

    private func parent(of descent: Descent) throws(KithError) -> (parent: FleetRecord.Parent, FleetRecord) {
        let record = try FleetRecord.read(in: descent.data)
        guard let parent = record.parent else {
            throw KithError(
                .unavailable, "The parent of this worker has never opened its door.", hint: "Start it: `kith start`.")
        }
        return (parent, record)
    }
}
