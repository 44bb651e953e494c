public import Files

/// The record beside a fitted model.
public enum FitRecord {
  /// Writes what a fitted model depends on beside it.
  ///
  /// - Throws: `InputError` when it can't be written.
  public static func write(
    model: String, command: [String], seed: UInt64?, settings: [String: SettingValue],
    photos: [String], more: [String] = []
  ) throws {
    try Provenance(
      command: command, seed: seed, settings: settings,
      inputs: Provenance.digests(of: more + photos)
    ).write(beside: model)
  }
}
