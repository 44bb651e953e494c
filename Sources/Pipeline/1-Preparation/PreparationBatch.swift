public import Domain
internal import Statistics

/// Prepares many photos with all processors.
public enum PreparationBatch {
  /// Prepares photos; one that can't be prepared doesn't stop the others.
  ///
  /// The files are the same for any number of threads: names are given out beforehand
  /// (``RegionNames``), and nothing depends on the order of the work. A detector that uses several
  /// threads itself is best held to one.
  ///
  /// - Parameters:
  ///   - photos: the photos' paths.
  ///   - attribute: the attribute that the regions serve.
  ///   - region: overrides the attribute's rule.
  ///   - folder: where to write; it must exist.
  ///   - settings: how regions are cut and written.
  ///   - threads: the number of threads; nil takes one for each processor.
  ///   - progress: called with the number of finished photos, on any thread, in ascending order.
  ///   - makeDetector: makes the detector of one thread.
  /// - Returns: the record or the error of each photo, in the order of `photos`.
  /// - Throws: `InputError` when a setting can't be used, or the error of `makeDetector`.
  public static func prepare<Detector: FaceDetector & SendableMetatype>(
    photos: [String], attribute: Attribute, region: RegionChoice = .automatic, to folder: String,
    settings: PreparationSettings = PreparationSettings(), threads: Int? = nil,
    progress: @escaping @Sendable (Int) -> Void = { _ in },
    makeDetector: @escaping @Sendable () throws -> Detector
  ) throws -> [Result<RegionRecord, any Error>] {
    let names = RegionNames.names(photos: photos, attribute: attribute)
    return try map(
      count: photos.count, settings: settings, threads: threads, progress: progress,
      makeDetector: makeDetector
    ) { preparer, index in
      try preparer.prepareRecorded(
        photo: photos[index], attribute: attribute, region: region, to: folder,
        name: names[index])
    }
  }

  /// Works on numbered photos with all processors; one that fails doesn't stop the others.
  ///
  /// - Parameters:
  ///   - count: the number of photos.
  ///   - settings: how regions are cut and written.
  ///   - threads: the number of threads; nil takes one for each processor.
  ///   - progress: called with the number of finished photos, on any thread, in ascending order.
  ///   - endsBatch: whether an error makes continuing useless, such as a full disk.
  ///   - makeDetector: makes the detector of one thread.
  ///   - body: the work on one photo.
  /// - Returns: the result or the error of each photo, in order.
  /// - Throws: `InputError` when a setting can't be used, the error of `makeDetector`, or one that
  ///   ends the batch.
  public static func map<Detector: FaceDetector & SendableMetatype, Output: Sendable>(
    count: Int, settings: PreparationSettings, threads: Int? = nil,
    progress: @escaping @Sendable (Int) -> Void = { _ in },
    endsBatch: @escaping @Sendable (any Error) -> Bool = { _ in false },
    makeDetector: @escaping @Sendable () throws -> Detector,
    body: @escaping @Sendable (PhotoPreparer<Detector>, Int) throws -> Output
  ) throws -> [Result<Output, any Error>] {
    try settings.check()
    return try Parallel.map(
      count: count, threads: threads, progress: progress,
      state: { Result { try PhotoPreparer(detector: makeDetector(), settings: settings) } },
      body: { preparer, index in
        let preparer = try preparer.get()
        do {
          return .success(try body(preparer, index))
        } catch {
          if endsBatch(error) { throw error }
          return .failure(error)
        }
      })
  }
}
