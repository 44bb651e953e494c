public import Domain
import Foundation

/// The quality that the demo's simulated observers perceive: a stated function of what was done to the picture.
///
/// It is synthetic. No person judged these pictures; the function only has the shape that one expects (resolution of the
/// face counts by octaves, noise costs more the stronger it is, slight sharpening helps a little).
public enum SimulatedTruth {
  /// The quality lost per halving of the face's effective resolution, in JOD.
  public static let jodPerOctave = 2.4
  /// The face width that has quality 0 when nothing else is done, in pixels before enlargement.
  public static let neutralFaceWidthPixels = 150.0

  /// The quality on the common scale, in JOD.
  ///
  /// - Parameters:
  ///   - recipe: what was done to the picture.
  ///   - regionWidthPixels: the width of the region of interest in the photo, before it was enlarged.
  /// - Returns: more is better; 0 for an untouched region of ``neutralFaceWidthPixels``.
  public static func quality(of recipe: DegradationRecipe, regionWidthPixels: Int) -> JOD {
    let effectiveWidth = Double(regionWidthPixels) / max(recipe.subsamplingFactor, 1)
    let resolution = jodPerOctave * log2(effectiveWidth / neutralFaceWidthPixels)
    let noise = -1.2 * log2(1 + recipe.noiseVariance.squareRoot() / 5)
    let sharpening = 0.5 * recipe.sharpeningAmount
    return JOD(resolution + noise + sharpening)
  }

  /// How far the observers of one scene stretch and shift their own scale: `common = a · own + b`.
  ///
  /// Known by construction, so that the report can set the recovered coefficients beside them.
  ///
  /// - Parameter index: the scene's place among the demo's scenes.
  /// - Returns: slope and offset (JOD of the common scale).
  public static func distortion(ofSceneAt index: Int) -> (a: Double, b: Double) {
    let slopes = [1.0, 0.75, 1.3, 0.9, 1.15]
    let offsets = [0.0, 1.2, -0.8, 0.6, -1.5]
    return (slopes[index % slopes.count], offsets[index % offsets.count])
  }
}
