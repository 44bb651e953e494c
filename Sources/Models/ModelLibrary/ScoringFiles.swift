/// The files that the default model needs from the installation.
public enum ScoringFiles {
  /// EfficientNet-Lite0 with ImageNet weights.
  public static let backbone = "efficientnet-lite0-57934424.pth"
  /// RetinaFace.
  public static let detector = "retinaface-mobilenet025.safetensors"
}
