import Testing

@Suite struct PairedPhotosTests {}
