public import ArgumentParser
public import Studies

// Names of a study on the command line.

extension ConsentPurpose: ExpressibleByArgument {}
