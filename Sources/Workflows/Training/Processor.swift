public import Domain
import Files
import Foundation
public import Training

/// What this machine's processor can do.
public enum Processor {
  /// Whether convolutions with 16-bit numbers are faster than with 32 bits: AVX-512 BF16 or AMX.
  public static var hasBFloat16Products: Bool {
    guard let bytes = try? InputFile.read("/proc/cpuinfo", maximumBytes: 64 << 20) else {
      return false
    }
    return hasBFloat16Products(cpuinfo: String(decoding: bytes, as: UTF8.self))
  }

  /// The same from the text of `/proc/cpuinfo`.
  static func hasBFloat16Products(cpuinfo: String) -> Bool {
    let flags = cpuinfo.split(separator: "\n").first { $0.hasPrefix("flags") }
    let words = Set(flags?.split(whereSeparator: \.isWhitespace) ?? [])
    return words.contains("avx512_bf16") || words.contains("amx_bf16")
  }

  /// Refuses a precision that this processor would only emulate.
  ///
  /// - Throws: `InputError`.
  public static func check(_ precision: TrainingPrecision) throws(InputError) {
    guard precision == .bfloat16, !hasBFloat16Products else { return }
    throw InputError(
      Setting("precision"), "this processor has no 16-bit products (AVX-512 BF16 or AMX)",
      remedy: "leave it out: float32 is faster here")
  }
}
