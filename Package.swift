// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Every native dependency lies under `.deps`, links that `Scripts/setup` makes into its cache.
let root = Context.packageDirectory
#if arch(arm64)
  let debianLibraries = "aarch64-linux-gnu"
#else
  let debianLibraries = "x86_64-linux-gnu"
#endif
let torchLibraries = "\(root)/.deps/torch/lib"

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let linkTorch: [LinkerSetting] = [
  .unsafeFlags(["-L\(torchLibraries)", "-Xlinker", "-rpath", "-Xlinker", torchLibraries]),
  .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
]

/// One module of the house: `group/folder`, and what it may import.
func module(
  _ name: String, in group: String, folder: String? = nil, _ dependencies: [Target.Dependency] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(group)/\(folder ?? name)",
    swiftSettings: strict)
}

/// The tests of one module, with its fixtures.
func tests(of name: String, _ more: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + more, path: "Tests/\(name)Tests",
    exclude: FileManager.default.fileExists(atPath: "\(root)/Tests/\(name)Tests/Fixtures")
      ? ["Fixtures"] : [],
    swiftSettings: strict)
}

/// The Swift side of a benchmark, `Benchmarks/folder`; its Python side and its peers lie beside it.
func benchmark(
  _ folder: String, _ dependencies: [Target.Dependency], peers: [String] = []
) -> Target {
  .executableTarget(
    name: "\(folder.lowercased())-benchmark", dependencies: dependencies,
    path: "Benchmarks/\(folder)", exclude: ["\(folder.lowercased()).py"] + peers,
    sources: ["main.swift"], swiftSettings: strict)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(
  name: "HummingbirdTesting", package: "hummingbird")

// What `make` calls the commit; a build without it names none. Only CRevision is compiled for it.
let commit = (Context.environment["VERNIER_COMMIT"] ?? "").filter {
  $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
}

let shims: [Target] = [
  .target(
    name: "CRevision", path: "Sources/Shims/CRevision",
    cSettings: commit.isEmpty ? [] : [.define("VERNIER_COMMIT", to: "\"\(commit)\"")]),
  .systemLibrary(
    name: "RawLibrary", path: "Sources/Shims/RawLibrary", pkgConfig: "libraw",
    providers: [.apt(["libraw-dev"])]),
  .target(name: "CSandbox", path: "Sources/Shims/CSandbox"),
  .target(name: "CRaw", dependencies: ["RawLibrary"], path: "Sources/Shims/CRaw"),
  // Only the headers: libvips itself is opened with the first photo.
  .target(
    name: "CVips", path: "Sources/Shims/CVips",
    cSettings: [
      .unsafeFlags(["-I/usr/include/glib-2.0", "-I/usr/lib/\(debianLibraries)/glib-2.0/include"])
    ],
    linkerSettings: [.linkedLibrary("dl")]),
  .target(name: "CTorch", path: "Sources/Shims/CTorch", linkerSettings: [.linkedLibrary("dl")]),
  .target(
    name: "TorchLibrary", path: "Sources/Shims/TorchLibrary",
    cxxSettings: [
      .headerSearchPath("../CTorch/include"),
      .headerSearchPath("../../../.deps/torch/include"),
      .headerSearchPath("../../../.deps/torch/include/torch/csrc/api/include"),
      .unsafeFlags(["-std=c++17", "-O2"]),
    ],
    linkerSettings: linkTorch),
  .target(
    name: "CBoost", path: "Sources/Shims/CBoost", cxxSettings: [.unsafeFlags(["-std=c++17"])]),
  .target(
    name: "CEigen", path: "Sources/Shims/CEigen",
    cxxSettings: [.unsafeFlags(["-std=c++17", "-O2"])]),
  .target(
    name: "CSVM", path: "Sources/Shims/CSVM", linkerSettings: [.linkedLibrary("svm")]),
  .systemLibrary(
    name: "ZLibrary", path: "Sources/Shims/ZLibrary", providers: [.apt(["zlib1g-dev"])]),
]

let foundations: [Target] = [
  module("Domain", in: "Foundations"),
  module("Statistics", in: "Foundations", ["CBoost", "CEigen"]),
  module("Pixels", in: "Foundations", ["Domain", "Files", "CSandbox", "CVips"]),
  module("Tensors", in: "Foundations", ["CTorch"]),
  module("Files", in: "Foundations", ["Domain", crypto]),
  module("Documents", in: "Foundations"),
]

let models: [Target] = [
  module("NeuralModels", in: "Models", ["Domain", "Statistics", "Pixels", "Tensors"]),
  module(
    "HandcraftedModels", in: "Models",
    ["Domain", "Statistics", "Tensors", "CEigen", "CSVM", "ZLibrary"]),
  module(
    "ModelLibrary", in: "Models",
    ["Domain", "Statistics", "Tensors", "Files", "Documents", "NeuralModels"]),
]

let studies: [Target] = [
  .target(
    name: "Studies", dependencies: ["Domain", "Files", crypto, grdb], path: "Sources/Studies",
    swiftSettings: strict)
]

let pipeline: [Target] = [
  module(
    "Preparation", in: "Pipeline", folder: "1-Preparation",
    ["Domain", "Statistics", "Pixels", "Files", "NeuralModels"]),
  module("Comparison", in: "Pipeline", folder: "2-Comparison", ["Domain", "Statistics"]),
  module("Scaling", in: "Pipeline", folder: "3-Scaling", ["Domain", "Statistics"]),
  module("Unification", in: "Pipeline", folder: "4-Unification", ["Domain", "Statistics"]),
  module(
    "Training", in: "Pipeline", folder: "5-Training",
    ["Domain", "Statistics", "Pixels", "Tensors", "NeuralModels"]),
  module(
    "Scoring", in: "Pipeline", folder: "6-Scoring",
    ["Domain", "Pixels", "Tensors", "NeuralModels"]),
  module("Evaluation", in: "Pipeline", folder: "7-Evaluation", ["Domain", "Statistics"]),
  module("Decision", in: "Pipeline", folder: "8-Decision", ["Domain", "Statistics"]),
  module(
    "Reporting", in: "Pipeline", folder: "9-Reporting", ["Domain", "Statistics", "Documents"]),
]

let workflows: [Target] = [
  module(
    "ScalingWorkflow", in: "Workflows", folder: "Scaling",
    [
      "Domain", "Statistics", "Files", "Documents", "Comparison", "Scaling", "Unification",
      "Reporting",
    ]),
  module(
    "TrainingWorkflow", in: "Workflows", folder: "Training",
    [
      "Domain", "Statistics", "Pixels", "Tensors", "Files", "Documents", "NeuralModels",
      "HandcraftedModels", "ModelLibrary", "Training",
    ]),
  module(
    "ScoringWorkflow", in: "Workflows", folder: "Scoring",
    [
      "Domain", "Pixels", "Tensors", "Files", "Documents", "NeuralModels", "HandcraftedModels",
      "ModelLibrary", "Preparation", "Scoring",
    ]),
  module(
    "EvaluationWorkflow", in: "Workflows", folder: "Evaluation",
    [
      "Domain", "Statistics", "Pixels", "Files", "Documents", "HandcraftedModels", "ModelLibrary",
      "Evaluation", "Reporting", "TrainingWorkflow",
    ]),
  module(
    "DecisionsWorkflow", in: "Workflows", folder: "Decisions",
    [
      "Domain", "Statistics", "Pixels", "Files", "Documents", "Studies", "Comparison", "Scaling",
      "Unification", "Scoring", "Decision", "Reporting", "ScalingWorkflow",
    ]),
  module(
    "StudyImportWorkflow", in: "Workflows", folder: "StudyImport",
    [
      "Domain", "Statistics", "Pixels", "Tensors", "Files", "NeuralModels", "ModelLibrary",
      "Studies", "Preparation",
    ]),
  module(
    "PeopleWorkflow", in: "Workflows", folder: "People",
    [
      "Domain", "Statistics", "Pixels", "Tensors", "Files", "NeuralModels", "ModelLibrary",
      "Studies", "Preparation",
    ]),
  module(
    "BridgingWorkflow", in: "Workflows", folder: "Bridging",
    [
      "Domain", "Statistics", "Pixels", "Files", "Studies", "Preparation", "Scaling",
      "ScalingWorkflow",
    ]),
  module(
    "DemoWorkflow", in: "Workflows", folder: "Demo",
    [
      "Domain", "Pixels", "Files", "Documents", "NeuralModels", "ModelLibrary", "Preparation",
      "Comparison", "Scaling", "Unification", "Training", "Evaluation", "Reporting",
      "TrainingWorkflow", "ScoringWorkflow", "EvaluationWorkflow", "ScalingWorkflow",
      "DecisionsWorkflow",
    ]),
]

let programs: [Target] = [
  .target(
    name: "AnnotationService",
    dependencies: [
      "Domain", "Statistics", "Pixels", "Files", "Documents", "Studies", "Comparison", "Scaling",
      "StudyImportWorkflow", grdb, crypto, cryptoExtras, hummingbird,
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    ],
    path: "Sources/Services/AnnotationService",
    resources: [.embedInCode("Assets")],
    swiftSettings: strict),
  .target(
    name: "ScoringService",
    dependencies: [
      "Domain", "Files", "Pixels", "Preparation", "Scoring", "ScoringWorkflow", hummingbird,
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Metrics", package: "swift-metrics"),
      .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    ],
    path: "Sources/Services/ScoringService",
    resources: [.embedInCode("Assets")],
    swiftSettings: strict),
  .executableTarget(
    name: "vernier",
    dependencies: [
      "Domain", "Statistics", "Pixels", "Tensors", "Files", "Documents", "NeuralModels",
      "HandcraftedModels", "ModelLibrary", "Studies", "Preparation", "Comparison", "Scaling",
      "Unification", "Training", "Scoring", "Evaluation", "Decision", "ScalingWorkflow",
      "TrainingWorkflow", "ScoringWorkflow", "EvaluationWorkflow", "DecisionsWorkflow",
      "StudyImportWorkflow", "PeopleWorkflow", "BridgingWorkflow", "DemoWorkflow",
      "AnnotationService", "ScoringService", "CRevision", argumentParser,
    ],
    path: "Sources/Programs/vernier", swiftSettings: strict),
  // A process of its own, so that the decoders of cameras' raw files can't harm a run.
  .executableTarget(
    name: "vernier-raw", dependencies: ["CRaw", "CSandbox"], path: "Sources/Programs/vernier-raw",
    swiftSettings: strict),
  // What strangers send is decoded in copies of this one.
  .executableTarget(
    name: "vernier-decode", dependencies: ["Pixels"], path: "Sources/Programs/vernier-decode",
    swiftSettings: strict),
]

// The Swift side of the benchmarks, run by `make bench`.
let benchmarks: [Target] = [
  benchmark("Scaling", ["Domain", "Scaling"]),
  benchmark("Sampling", ["Domain", "Statistics", "Comparison", "Scaling"]),
  benchmark("Pixels", ["Domain", "Pixels"]),
  benchmark("Handcrafted", ["HandcraftedModels", "Pixels"]),
  benchmark(
    "Neural", ["Domain", "NeuralModels", "Tensors"],
    peers: ["neural_peer.py", "neural_references.py", "requirements.txt"]),
]

// What made the default model and the figures of the documentation, run by hand.
let research: [Target] = [
  .executableTarget(
    name: "coverage-study",
    dependencies: [
      "Domain", "Statistics", "Comparison", "Scaling", "Unification", "ScalingWorkflow",
    ],
    path: "Research/Coverage", swiftSettings: strict),
  .executableTarget(
    name: "verdict-study",
    dependencies: ["Domain", "Statistics", "Documents", "Files", "Scaling", "Decision"],
    path: "Research/Verdicts", swiftSettings: strict),
  .executableTarget(
    name: "portrait-study",
    dependencies: [
      "Domain", "Statistics", "Documents", "Pixels", "Files", "NeuralModels", "ModelLibrary",
      "Preparation", "Comparison", "Scaling", "Unification", "Training", "Evaluation",
      argumentParser,
    ],
    path: "Research",
    exclude: ["Coverage", "HumanTruth", "README.md", "Sampling", "Verdicts"],
    sources: ["Portraits", "DefaultModels", "Claims"],
    swiftSettings: strict),
  .executableTarget(
    name: "sampling-study",
    dependencies: [
      "Domain", "Statistics", "Documents", "Comparison", "Scaling", "Unification",
    ],
    path: "Research/Sampling", swiftSettings: strict),
]

let checks: [Target] = [
  .target(name: "TestSupport", path: "Tests/Support/TestSupport", swiftSettings: strict),
  .executableTarget(
    name: "annotation-harness", dependencies: ["AnnotationService", "Domain"],
    path: "Tests/Support/AnnotationHarness", exclude: ["client.py", "kill.py"],
    swiftSettings: strict),
  tests(of: "Domain"),
  tests(of: "Statistics"),
  tests(of: "Pixels", ["Domain"]),
  tests(of: "Tensors"),
  tests(of: "Files", ["Domain", "TestSupport"]),
  tests(of: "Documents"),
  tests(of: "NeuralModels", ["Domain", "Tensors", "Pixels"]),
  tests(of: "HandcraftedModels", ["Domain", "Pixels", "Statistics"]),
  tests(of: "ModelLibrary", ["Domain", "Files", "NeuralModels", "Statistics", "Tensors"]),
  .testTarget(
    name: "StudiesTests", dependencies: ["Studies", "Domain", "Files", "TestSupport", grdb],
    path: "Tests/StudiesTests", exclude: ["Fixtures"], swiftSettings: strict),
  tests(of: "Preparation", ["Domain", "Pixels", "Files", "Statistics"]),
  tests(of: "Comparison", ["Domain", "Statistics", "Scaling"]),
  tests(of: "Scaling", ["Domain", "Statistics", "Comparison"]),
  tests(of: "Unification", ["Domain", "Statistics", "Scaling", "Comparison", "TestSupport"]),
  tests(of: "Training", ["Domain", "Pixels", "Tensors", "NeuralModels"]),
  tests(of: "Scoring", ["Domain", "Pixels", "Tensors", "NeuralModels"]),
  tests(of: "Evaluation", ["Domain", "Statistics"]),
  tests(of: "Decision", ["Domain", "Statistics"]),
  tests(of: "Reporting", ["Domain", "Documents"]),
  tests(
    of: "AnnotationService",
    [
      "Domain", "Statistics", "Pixels", "Files", "Studies", "Comparison", "StudyImportWorkflow",
      "TestSupport", grdb, crypto, hummingbird, hummingbirdTesting,
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "NIOCore", package: "swift-nio"),
    ]),
  tests(
    of: "ScalingWorkflow",
    ["Domain", "Statistics", "Files", "Comparison", "Scaling", "TestSupport"]),
  tests(
    of: "EvaluationWorkflow", ["Domain", "Evaluation", "Files", "ModelLibrary", "TestSupport"]),
  tests(
    of: "TrainingWorkflow",
    ["Domain", "Files", "Pixels", "Statistics", "Training", "TestSupport"]),
  tests(of: "StudyImportWorkflow", ["Domain", "Pixels", "Studies", "TestSupport"]),
  tests(
    of: "PeopleWorkflow",
    [
      "Domain", "Pixels", "Files", "NeuralModels", "ModelLibrary", "Preparation", "Studies",
      "TestSupport",
    ]),
  tests(of: "DemoWorkflow", ["Domain"]),
  tests(
    of: "BridgingWorkflow",
    ["Domain", "Statistics", "Files", "Pixels", "Studies", "Preparation", "TestSupport"]),
  tests(of: "ScoringWorkflow", ["Domain", "Files", "Pixels", "Preparation", "Scoring"]),
  tests(
    of: "ScoringService",
    [
      "Domain", "Files", "Pixels", "Preparation", "Scoring", "ScoringWorkflow", hummingbird,
      hummingbirdTesting, .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      .product(name: "NIOCore", package: "swift-nio"),
    ]),
  tests(
    of: "DecisionsWorkflow",
    [
      "Domain", "Statistics", "Pixels", "Files", "Studies", "Scaling", "Scoring", "Decision",
      "Reporting", "ScalingWorkflow", "TestSupport",
    ]),
  .testTarget(
    name: "CommandLineTests",
    dependencies: [
      "Domain", "Files", "Studies", "Pixels", "Tensors", "NeuralModels", "TestSupport",
    ],
    path: "Tests/CommandLineTests", exclude: ["Fixtures"], swiftSettings: strict),
]

let package = Package(
  name: "vernier",
  products: [
    .executable(name: "vernier", targets: ["vernier"]),
    // What CTorch loads when the first tensor is made.
    .library(name: "vernier-torch", type: .dynamic, targets: ["TorchLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(
      url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
  ],
  targets: shims + foundations + models + studies + pipeline + workflows + programs + benchmarks
    + research + checks,
  cxxLanguageStandard: .cxx17
)
