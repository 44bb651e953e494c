import CryptoExtras
import GRDB
import Hummingbird

/// X.
public enum X {
  /// Size.
  public static let size = PackageResources.page_js.count
}
