import Domain
import Foundation

/// Reads libsvm's text files: models of `svm-train`, ranges of `svm-scale`.
///
/// Source: the README files of libsvm 3.
enum LibsvmText {
  /// Reads an epsilon regression with an RBF kernel.
  static func model(_ path: String, featureCount: Int) throws(InputError)
    -> SupportVectorRegression
  {
    let lines = try lines(path)
    guard let start = lines.firstIndex(of: "SV") else {
      throw wrong(path, "it has no line 'SV'")
    }
    var header: [Substring: Substring] = [:]
    for line in lines[..<start] {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2 { header[parts[0]] = parts[1] }
    }
    guard header["svm_type"] == "epsilon_svr", header["kernel_type"] == "rbf" else {
      throw wrong(path, "it isn't an epsilon_svr model with an rbf kernel")
    }
    guard let gamma = number(header["gamma"]), gamma > 0, let rho = number(header["rho"]),
      let count = header["total_sv"].flatMap({ Int($0) })
    else { throw wrong(path, "gamma, rho or total_sv is missing") }
    var coefficients: [Double] = []
    var vectors: [[Double]] = []
    for (offset, line) in lines[(start + 1)...].enumerated() {
      let place = "line \(start + offset + 2)"
      let parts = line.split(separator: " ")
      guard let coefficient = number(parts.first) else {
        throw wrong(path, "\(place) has no coefficient")
      }
      var vector = [Double](repeating: 0, count: featureCount)
      for part in parts.dropFirst() {
        let pair = part.split(separator: ":")
        guard pair.count == 2, let index = Int(pair[0]), (1...featureCount).contains(index),
          let value = number(pair[1])
        else { throw wrong(path, "\(place) has '\(part.prefix(40))' instead of index:value") }
        vector[index - 1] = value
      }
      coefficients.append(coefficient)
      vectors.append(vector)
    }
    guard vectors.count == count, count > 0 else {
      throw wrong(path, "it has \(vectors.count) support vectors instead of \(count)")
    }
    return SupportVectorRegression(
      gamma: gamma, rho: rho, coefficients: coefficients, vectors: vectors)
  }

  /// Reads the ranges of features.
  static func range(_ path: String, featureCount: Int) throws(InputError) -> FeatureRange {
    let lines = try lines(path)
    guard lines.count == featureCount + 2, lines[0] == "x" else {
      throw wrong(path, "it isn't the range file of svm-scale for \(featureCount) features")
    }
    var minima: [Double] = []
    var maxima: [Double] = []
    var limits: [Double] = []
    for (index, line) in lines.dropFirst().enumerated() {
      let numbers = line.split(separator: " ").compactMap(number)
      if index == 0, numbers.count == 2 {
        limits = numbers
      } else if index > 0, numbers.count == 3, numbers[0] == Double(index),
        numbers[1] <= numbers[2]
      {
        minima.append(numbers[1])
        maxima.append(numbers[2])
      } else {
        throw wrong(path, "line \(index + 2) isn't 'index minimum maximum'")
      }
    }
    return FeatureRange(minima: minima, maxima: maxima, limits: limits)
  }

  private static func number(_ text: Substring?) -> Double? {
    text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  private static func lines(_ path: String) throws(InputError) -> [String] {
    let text = String(decoding: try ModelFile.bytes(path), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func wrong(_ path: String, _ problem: String) -> InputError {
    InputError(path, problem, remedy: "give the file as libsvm wrote it")
  }
}
