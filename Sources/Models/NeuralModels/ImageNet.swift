public import Tensors

/// The normalization that torchvision's networks were trained with.
public enum ImageNet {
  private static let mean: [Float] = [0.485, 0.456, 0.406]
  private static let deviation: [Float] = [0.229, 0.224, 0.225]

  /// Pixels of any type in 0…255, `[batch, height, width, 3]`, as `[batch, 3, height, width]` with
  /// mean 0 and deviation 1 over ImageNet.
  public static func normalized(_ pixels: Tensor) throws(TensorError) -> Tensor {
    let unit = try pixels.to(.float32).permuted([0, 3, 1, 2]) * (1.0 / 255)
    let shape = [1, 3, 1, 1]
    let device = pixels.device
    return try (unit - Tensor(mean, shape: shape).placed(on: device))
      / Tensor(deviation, shape: shape).placed(on: device)
  }
}
