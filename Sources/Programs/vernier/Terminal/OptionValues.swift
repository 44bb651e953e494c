public import ArgumentParser
public import Domain

extension PairCriterion: ExpressibleByArgument {}
