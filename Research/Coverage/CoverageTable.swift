import Domain

/// The rows of docs/validation.md: every criterion over ranges, sizes and observers.
enum CoverageTable {
  /// Prints one row after another.
  static func run(studies: Int) throws {
    print(CoverageResult.header)
    for design in designs() {
      var design = design
      design.studies = studies
      print(try design.run())
    }
  }

  private static func designs() -> [CoverageDesign] {
    var all: [CoverageDesign] = []
    func add(_ change: (inout CoverageDesign) -> Void) {
      var design = CoverageDesign()
      change(&design)
      all.append(design)
    }
    for criterion in PairCriterion.allCases {
      for range in [2.0, 4, 8, 14] {
        add {
          $0.criterion = criterion
          $0.range = range
        }
      }
      add {
        $0.criterion = criterion
        ($0.photos, $0.votes, $0.batch) = (24, 600, 12)
      }
      add {
        $0.criterion = criterion
        ($0.photos, $0.votes) = (100, 4000)
      }
      add {
        $0.criterion = criterion
        ($0.observers, $0.opinions, $0.once) = (12, 0.5, true)
      }
    }
    return all
  }
}
