import Domain
import Scaling
import Statistics
import Testing

@Suite struct HDRVDCTests {
  @Test func published() throws {
    guard let study = HDRVDC() else { return }
    var ratios: [Double] = []
    for scene in study.judgements {
      var settings = ScalingSettings()
      settings.prior = .pwcmp
      settings.bootstraps = 500
      let clock = ContinuousClock()
      var result: ScaledScene?
      let time = try clock.measure { result = try scaleScene(scene, settings: settings) }
      guard let result else { return }
      let scores = study.published[scene.scene] ?? [:]
      guard let zero = scene.photos.firstIndex(of: HDRVDC.reference) else { return }
      var worst = 0.0
      for (i, photo) in scene.photos.enumerated() {
        let ours = result.fit.jod[i] - result.fit.jod[zero] + 10
        if let p = scores[photo.text] {
          worst = max(worst, abs(p.jod - ours))
          let r = result.scale.photos[i].interval.width.value / (p.high - p.low)
          ratios.append(r)
        }
      }
      print(scene.scene, worst, result.fit.iterations, time)
    }
    print("width ratio", Descriptive.mean(ratios), ratios.min()!, ratios.max()!)
  }
}
