import CEigen

/// A complex image in two arrays.
package struct ComplexImage {
  package var real: [Double]
  package var imaginary: [Double]
}

/// The discrete Fourier transform of square images, by Eigen.
package struct FourierTransform: Sendable {
  /// The side of the images.
  let side: Int

  package init(side: Int) { self.side = side }

  /// The spectrum, transposed: the frequency along the columns runs along the rows.
  package func transposedSpectrum(_ image: [Double]) -> ComplexImage {
    transformed(
      ComplexImage(real: image, imaginary: [Double](repeating: 0, count: side * side)),
      inverse: false)
  }

  /// The image of a transposed spectrum.
  package func image(ofTransposed spectrum: ComplexImage) -> ComplexImage {
    transformed(spectrum, inverse: true)
  }

  private func transformed(_ image: ComplexImage, inverse: Bool) -> ComplexImage {
    precondition(image.real.count == side * side && image.imaginary.count == side * side)
    var result = image
    let isDone = result.real.withUnsafeMutableBufferPointer { real in
      result.imaginary.withUnsafeMutableBufferPointer { imaginary in
        eigen_fourier(real.baseAddress, imaginary.baseAddress, Int64(side), inverse)
      }
    }
    precondition(isDone, "out of memory")
    return result
  }
}
