public import Domain
import Foundation
import Preparation

/// The quality that the demo's simulated observers perceive: a stated function of what was done to
/// the picture.
///
/// It is synthetic: no person judged these pictures.
/// `quality = 1.6 · log₂(region width / 150 px) − severity(recipe)`, with the region's width before
/// enlargement and the severity of `DegradationSeverity`.
public enum SimulatedTruth {
  /// The law in one line, for reports.
  static let law = "1.6 · log2(region width / 150 px) − severity(subsampling, sharpening, noise)"
  /// The quality lost per halving of the region's own resolution, in JOD.
  static let perOctave = 1.6
  /// The region width that has quality 0 when nothing is done to it, in pixels before enlargement.
  static let neutralWidthPixels = 150.0

  /// The quality on the common scale.
  ///
  /// - Parameters:
  ///   - recipe: what was done to the picture.
  ///   - regionWidthPixels: the width of the region of interest in the photo, before it was
  ///     enlarged.
  /// - Returns: more is better.
  public static func quality(of recipe: DegradationRecipe, regionWidthPixels: Int) -> JOD {
    let resolution = perOctave * log2(Double(regionWidthPixels) / neutralWidthPixels)
    return JOD(resolution) - DegradationSeverity.jod(of: recipe)
  }

  /// How the observers of one scene stretch and shift their own scale: `common = a · own + b`.
  ///
  /// Known by construction, so that the report can set the recovered coefficients beside them.
  ///
  /// - Parameter index: the scene's place among the demo's scenes.
  /// - Returns: slope and offset (JOD of the common scale).
  public static func distortion(ofSceneAt index: Int) -> (a: Double, b: Double) {
    let slopes = [1.0, 0.75, 1.25, 0.9, 1.1]
    let offsets = [0.0, 1.2, -0.8, 0.6, -1.5]
    return (slopes[index % slopes.count], offsets[index % offsets.count])
  }
}
