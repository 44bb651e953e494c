import Domain
import Tensors

/// Translates a trace of libtorch's operators into a graph in ONNX.
///
/// What doesn't depend on the graph's inputs becomes a constant. Sizes are those of the trace, so
/// the graph takes pictures of one size.
struct ONNXOperators {
  private(set) var graph = ONNXGraph()
  private var names: [ObjectIdentifier: String] = [:]
  /// The values that depend on the graph's inputs.
  private var moving: Set<ObjectIdentifier> = []

  /// Makes a tensor of the trace one of the graph's inputs.
  mutating func input(_ tensor: Tensor, _ make: (inout ONNXGraph) -> String) {
    names[ObjectIdentifier(tensor)] = make(&graph)
    moving.insert(ObjectIdentifier(tensor))
  }

  /// Names a tensor of the trace as one of the graph's outputs.
  mutating func output(_ name: String, _ tensor: Tensor) throws {
    graph.output(name, tensor.shape, from: try value(tensor))
  }

  /// Adds the steps of a trace.
  ///
  /// - Throws: `InputError` for an operator that has no translation.
  mutating func add(_ steps: [OperatorTrace.Step]) throws {
    for step in steps where step.arguments.contains(where: isMoving) {
      let values = try translate(Call(step))
      for (tensor, value) in zip(step.results, values) {
        names[ObjectIdentifier(tensor)] = value
        moving.insert(ObjectIdentifier(tensor))
      }
    }
  }

  private func isMoving(_ argument: OperatorArgument) -> Bool {
    switch argument {
    case .tensor(let tensor): moving.contains(ObjectIdentifier(tensor))
    case .tensors(let list): list.contains { moving.contains(ObjectIdentifier($0)) }
    default: false
    }
  }

  /// The name of a tensor; a constant is added when it is first asked for.
  private mutating func value(_ tensor: Tensor) throws -> String {
    if let name = names[ObjectIdentifier(tensor)] { return name }
    let name = try graph.constant(tensor)
    names[ObjectIdentifier(tensor)] = name
    return name
  }

  // MARK: Operators

  /// One step with its arguments by place.
  private struct Call {
    let name: String
    let results: [Tensor]
    private let arguments: [OperatorArgument]

    init(_ step: OperatorTrace.Step) {
      name = step.name
      results = step.results
      arguments = step.arguments
    }

    /// The shape of the first result.
    var shape: [Int] { results.first?.shape ?? [] }

    func has(_ place: Int) -> Bool {
      guard place < arguments.count else { return false }
      if case .none = arguments[place] { return false }
      return true
    }

    /// The argument at a place, as its kind.
    private func argument<Value>(
      _ place: Int, as kind: (OperatorArgument) -> Value?
    ) throws -> Value {
      guard place < arguments.count, let value = kind(arguments[place]) else {
        throw InputError("ONNX", "\(name) has no such argument \(place)", remedy: "report it")
      }
      return value
    }

    func tensor(_ place: Int) throws -> Tensor {
      try argument(place) { if case .tensor(let value) = $0 { value } else { nil } }
    }

    func tensors(_ place: Int) throws -> [Tensor] {
      try argument(place) { if case .tensors(let value) = $0 { value } else { nil } }
    }

    func int(_ place: Int) throws -> Int {
      try argument(place) { if case .int(let value) = $0 { value } else { nil } }
    }

    func ints(_ place: Int) throws -> [Int] {
      try argument(place) { if case .ints(let value) = $0 { value } else { nil } }
    }

    func double(_ place: Int) throws -> Double {
      try argument(place) { if case .double(let value) = $0 { value } else { nil } }
    }

    func text(_ place: Int) throws -> String {
      try argument(place) { if case .text(let value) = $0 { value } else { nil } }
    }

    func bool(_ place: Int) -> Bool {
      if place < arguments.count, case .bool(let value) = arguments[place] { value } else { false }
    }

    /// A dimension of the first argument, counted from the front.
    func axis(_ place: Int) throws -> Int {
      let (axis, rank) = (try int(place), try tensor(0).rank)
      return axis < 0 ? axis + rank : axis
    }

    /// The dimensions that a reduction runs over; all where none is given.
    func axes(_ place: Int) throws -> [Int] {
      let rank = try tensor(0).rank
      let list = has(place) ? try ints(place) : []
      return list.isEmpty ? Array(0..<rank) : list.map { $0 < 0 ? $0 + rank : $0 }
    }
  }

  /// Operators of one input and no settings.
  private static let plain = [
    "relu": "Relu", "relu_": "Relu", "sigmoid": "Sigmoid", "sqrt": "Sqrt",
    "gelu": "Gelu",
  ]
  /// Operators of two inputs that broadcast.
  private static let pairs = [
    "add.Tensor": "Add", "sub.Tensor": "Sub", "mul.Tensor": "Mul", "div.Tensor": "Div",
    "matmul": "MatMul", "bmm": "MatMul",
  ]
  /// Operators of a tensor and a number.
  private static let scalars = [
    "add.Scalar": "Add", "sub.Scalar": "Sub", "mul.Scalar": "Mul", "div.Scalar": "Div",
  ]
  /// Operators that only change how values lie in memory.
  private static let aliases: Set = ["contiguous", "clone", "to.device", "detach"]
  /// Operators that keep the values' order and change the shape.
  private static let reshapings: Set = [
    "reshape", "flatten.using_ints", "unsqueeze", "squeeze.dim",
  ]
  private static let reductions = [
    "mean.dim": "ReduceMean", "mean": "ReduceMean", "sum.dim_IntList": "ReduceSum",
    "sum": "ReduceSum",
  ]

  /// The names of a step's results.
  private mutating func translate(_ call: Call) throws -> [String] {
    if let kind = Self.pairs[call.name] {
      return [try graph.add(kind, [value(call.tensor(0)), value(call.tensor(1))])]
    }
    // All others but the one that joins tensors start from one.
    if call.name == "cat" {
      let parts = try call.tensors(0).map { try value($0) }
      let axis = try call.int(1)
      return [
        graph.add(
          "Concat", parts, [("axis", .int(axis < 0 ? axis + call.shape.count : axis))])
      ]
    }
    let x = try value(call.tensor(0))
    if let kind = Self.plain[call.name] { return [graph.add(kind, [x])] }
    if let kind = Self.scalars[call.name] {
      return [graph.add(kind, [x, try number(call.double(1), like: call.tensor(0))])]
    }
    if Self.aliases.contains(call.name) { return [x] }
    if Self.reshapings.contains(call.name) {
      return [graph.add("Reshape", [x, graph.constant(call.shape)])]
    }
    if let kind = Self.reductions[call.name] {
      return [
        graph.add(
          kind, [x, graph.constant(try call.axes(1))],
          [("keepdims", .int(call.bool(2) ? 1 : 0))])
      ]
    }
    if let result = try layer(call, x) { return result }
    if let result = try choice(call, x) { return result }
    throw InputError(
      "ONNX", "libtorch's \(call.name) has no translation", remedy: "report the architecture")
  }

  /// A number as a constant of a tensor's type.
  private mutating func number(_ value: Double, like tensor: Tensor) -> String {
    tensor.type == .int64 ? graph.scalar(Int(value)) : graph.scalar(value)
  }

  /// Layers of networks.
  private mutating func layer(_ call: Call, _ x: String) throws -> [String]? {
    switch call.name {
    case "conv2d":
      var inputs = [x, try value(call.tensor(1))]
      if call.has(2) { inputs.append(try value(call.tensor(2))) }
      let padding = try call.ints(4)
      return [
        graph.add(
          "Conv", inputs,
          [
            ("strides", .ints(try call.ints(3))), ("pads", .ints(padding + padding)),
            ("dilations", .ints(try call.ints(5))), ("group", .int(try call.int(6))),
          ])
      ]
    case "linear":
      let weight = graph.add("Transpose", [try value(call.tensor(1))], [("perm", .ints([1, 0]))])
      let product = graph.add("MatMul", [x, weight])
      return [call.has(2) ? graph.add("Add", [product, try value(call.tensor(2))]) : product]
    case "batch_norm":
      guard !call.bool(5) else { return nil }
      let inputs = [x] + (try (1...4).map { try value(call.tensor($0)) })
      return [
        graph.add("BatchNormalization", inputs, [("epsilon", .float(try call.double(7)))])
      ]
    case "group_norm":
      return [
        graph.add(
          "GroupNormalization", [x, try value(call.tensor(2)), try value(call.tensor(3))],
          [("num_groups", .int(try call.int(1))), ("epsilon", .float(try call.double(4)))])
      ]
    case "layer_norm":
      return [
        graph.add(
          "LayerNormalization", [x, try value(call.tensor(2)), try value(call.tensor(3))],
          [("axis", .int(-(try call.ints(1).count))), ("epsilon", .float(try call.double(4)))])
      ]
    case "hardtanh", "hardtanh_":
      let ends = try [1, 2].map { graph.scalar(try call.double($0)) }
      return [graph.add("Clip", [x] + ends)]
    case "clamp":
      let ends = try [1, 2].map { call.has($0) ? graph.scalar(try call.double($0)) : "" }
      return [graph.add("Clip", [x] + ends)]
    case "square": return [graph.add("Mul", [x, x])]
    case "softmax.int": return [graph.add("Softmax", [x], [("axis", .int(try call.int(1)))])]
    case "max_pool2d":
      let padding = try call.ints(3)
      return [
        graph.add(
          "MaxPool", [x],
          [
            ("kernel_shape", .ints(try call.ints(1))), ("strides", .ints(try call.ints(2))),
            ("pads", .ints(padding + padding)), ("ceil_mode", .int(call.bool(5) ? 1 : 0)),
          ])
      ]
    case "avg_pool2d":
      let padding = try call.ints(3)
      return [
        graph.add(
          "AveragePool", [x],
          [
            ("kernel_shape", .ints(try call.ints(1))), ("strides", .ints(try call.ints(2))),
            ("pads", .ints(padding + padding)), ("count_include_pad", .int(1)),
          ])
      ]
    case "adaptive_avg_pool2d":
      let (size, grid) = (try call.tensor(0).shape.suffix(2), try call.ints(1))
      // The windows may overlap and differ in length: means over rows and columns as products.
      let windows = try zip(size, grid).map { try Self.windows($0, $1) }
      let (rows, columns) = (windows[0], windows[1])
      let narrow = graph.add("MatMul", [x, try graph.constant(columns.transposed().contiguous())])
      return [graph.add("MatMul", [try graph.constant(rows), narrow])]
    case "var.correction": return [try variance(call, x)]
    case "scaled_dot_product_attention": return [try attention(call, x)]
    default: return nil
    }
  }

  /// The matrix `[count, size]` that takes the means of windows over an axis.
  private static func windows(_ size: Int, _ count: Int) throws -> Tensor {
    var values = [Float](repeating: 0, count: size * count)
    for window in 0..<count {
      let (start, end) = (window * size / count, ((window + 1) * size + count - 1) / count)
      for place in start..<end { values[window * size + place] = 1 / Float(end - start) }
    }
    return try Tensor(values, shape: [count, size])
  }

  private mutating func variance(_ call: Call, _ x: String) throws -> String {
    let axes = try call.axes(1)
    let count = try axes.map { try call.tensor(0).shape[$0] }.reduce(1, *)
    let places = graph.constant(axes)
    let mean = graph.add("ReduceMean", [x, places], [("keepdims", .int(1))])
    let apart = graph.add("Sub", [x, mean])
    let sum = graph.add(
      "ReduceSum", [graph.add("Mul", [apart, apart]), places],
      [("keepdims", .int(call.bool(3) ? 1 : 0))])
    let divisor = Double(count - (try call.int(2)))
    return graph.add("Div", [sum, graph.scalar(divisor)])
  }

  private mutating func attention(_ call: Call, _ x: String) throws -> String {
    let width = try call.tensor(0).shape.last ?? 1
    let keys = graph.add(
      "Transpose", [try value(call.tensor(1))], [("perm", .ints([0, 1, 3, 2]))])
    let scaled = graph.add("Mul", [x, graph.scalar(1 / Double(width).squareRoot())])
    var products = graph.add("MatMul", [scaled, keys])
    if call.has(3) {
      products = graph.add(
        "Where", [try value(call.tensor(3)), products, graph.scalar(-1e30)])
    }
    let shares = graph.add("Softmax", [products], [("axis", .int(-1))])
    return graph.add("MatMul", [shares, try value(call.tensor(2))])
  }

  /// Operators that choose, move or repeat values.
  private mutating func choice(_ call: Call, _ x: String) throws -> [String]? {
    switch call.name {
    case "to.dtype":
      let (from, to) = (try call.tensor(0).type, call.results.first?.type)
      if from == to { return [x] }
      guard let to, let number = [ElementType.float32: 1, .int64: 7, .bool: 9][to] else {
        return nil
      }
      return [graph.add("Cast", [x], [("to", .int(number))])]
    case "permute": return [graph.add("Transpose", [x], [("perm", .ints(try call.ints(1)))])]
    case "transpose.int":
      var order = Array(0..<call.shape.count)
      order.swapAt(try call.axis(1), try call.axis(2))
      return [graph.add("Transpose", [x], [("perm", .ints(order))])]
    case "expand": return [graph.add("Expand", [x, graph.constant(call.shape)])]
    case "select.int":
      let entry = graph.scalar(try call.int(2))
      return [graph.add("Gather", [x, entry], [("axis", .int(try call.axis(1)))])]
    case "index_select":
      let indices = try value(call.tensor(2))
      return [graph.add("Gather", [x, indices], [("axis", .int(try call.axis(1)))])]
    case "slice.Tensor":
      let bounds = try [call.int(2), call.int(3), call.axis(1), call.int(4)].map {
        graph.constant([$0])
      }
      return [graph.add("Slice", [x] + bounds)]
    case "pad":
      guard try call.text(2) == "constant" else { return nil }
      let amounts = try call.ints(1)
      let rank = call.shape.count
      var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
      for place in 0..<(amounts.count / 2) {
        (before[rank - 1 - place], after[rank - 1 - place]) = (
          amounts[2 * place], amounts[2 * place + 1]
        )
      }
      let filling = try number(call.double(3), like: call.tensor(0))
      return [graph.add("Pad", [x, graph.constant(before + after), filling])]
    case "one_hot":
      let values = graph.constant([0, 1])
      return [graph.add("OneHot", [x, graph.scalar(try call.int(1)), values])]
    case "topk":
      let (values, indices) = graph.addPair(
        "TopK", [x, graph.constant([try call.int(1)])], [("axis", .int(try call.int(2)))])
      return [values, indices]
    case "im2col":
      let (kernel, stride) = (try call.ints(1), try call.ints(4))
      guard kernel == stride, try call.ints(3) == [0, 0] else { return nil }
      let shape = try call.tensor(0).shape
      let (rows, columns) = (shape[2] / kernel[0], shape[3] / kernel[1])
      guard shape[2] % kernel[0] == 0, shape[3] % kernel[1] == 0 else { return nil }
      let cut = graph.add(
        "Reshape",
        [x, graph.constant([shape[0], shape[1], rows, kernel[0], columns, kernel[1]])])
      let ordered = graph.add("Transpose", [cut], [("perm", .ints([0, 1, 3, 5, 2, 4]))])
      return [graph.add("Reshape", [ordered, graph.constant(call.shape)])]
    default: return try resizing(call, x)
    }
  }

  private mutating func resizing(_ call: Call, _ x: String) throws -> [String]? {
    let kinds: [String: [(String, ONNXGraph.Attribute)]] = [
      "upsample_nearest2d.vec": [
        ("mode", .text("nearest")), ("nearest_mode", .text("floor")),
        ("coordinate_transformation_mode", .text("asymmetric")),
      ],
      "upsample_bilinear2d.vec": [("mode", .text("linear"))],
      "upsample_bicubic2d.vec": [("mode", .text("cubic")), ("cubic_coeff_a", .float(-0.75))],
      "_upsample_bilinear2d_aa.vec": [("mode", .text("linear")), ("antialias", .int(1))],
      "_upsample_bicubic2d_aa.vec": [
        ("mode", .text("cubic")), ("cubic_coeff_a", .float(-0.5)), ("antialias", .int(1)),
      ],
    ]
    guard var attributes = kinds[call.name] else { return nil }
    if !call.name.contains("nearest") {
      attributes.append(
        (
          "coordinate_transformation_mode", .text(call.bool(2) ? "align_corners" : "half_pixel")
        ))
    }
    return [graph.add("Resize", [x, "", "", graph.constant(call.shape)], attributes)]
  }
}
