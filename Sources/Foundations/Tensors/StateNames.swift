/// Names of tensors in checkpoints.
enum StateNames {
  /// What wrappers put before every name: DataParallel, `torch.compile`, Lightning and timm's
  /// averages of weights.
  private static let wrappers = ["module.", "_orig_mod.", "model.", "net.", "network.", "ema."]

  /// Takes away what wrappers put before every name, one inside the other.
  static func plain(_ tensors: [String: Tensor]) -> [String: Tensor] {
    // The counter of averaged steps of torch.optim.swa_utils stands beside the wrapped weights.
    let counter = "n_averaged"
    var tensors = tensors
    if tensors[counter] != nil, tensors.keys.contains(where: { $0.hasPrefix(wrappers[0]) }) {
      tensors[counter] = nil
    }
    while let wrapper = wrappers.first(where: { wrapper in
      !tensors.isEmpty && tensors.keys.allSatisfy { $0.hasPrefix(wrapper) }
    }) {
      tensors = Dictionary(
        tensors.map { (String($0.dropFirst(wrapper.count)), $1) }, uniquingKeysWith: { $1 })
    }
    return tensors
  }
}
