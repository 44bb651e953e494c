import Dispatch
import Foundation
import Synchronization

/// Notices Ctrl-C and SIGTERM, so that long work can end at a good place; a second one ends it at
/// once.
final class Interruption {
  private final class Flag: Sendable {
    let wasAsked = Atomic(false)
  }

  private let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  init() {
    let flag = flag
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        flag.wasAsked.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  /// Whether the user asked to stop.
  var isAsked: Bool { flag.wasAsked.load(ordering: .relaxed) }

  /// The same question for other threads; answered as long as this object lives.
  var question: @Sendable () -> Bool {
    let flag = flag
    return { flag.wasAsked.load(ordering: .relaxed) }
  }
}
