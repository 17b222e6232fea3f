extension Dictionary where Value == Int {
    /// Counts one less for `key`, and forgets it at zero, so that whoever came once takes no place for ever.
    mutating func countDown(_ key: Key) {
        let left = self[key, default: 1] - 1
        self[key] = left > 0 ? left : nil
    }
}
